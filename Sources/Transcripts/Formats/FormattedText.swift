/// What every format needs to know about a text.
extension String {
    /// The text in one line: white space of any kind and length is one space, and control characters, which break parsers, are gone.
    var inOneLine: String {
        // Most words have nothing but visible ASCII.
        if utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return self }
        let words = split(whereSeparator: \.isWhitespace)
        return words.map { $0.withoutControls }.filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension StringProtocol {
    /// The text without control characters and without what is no character at all.
    fileprivate var withoutControls: String {
        var kept = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let isNoCharacter = scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value)
            if scalar.properties.generalCategory != .control, !isNoCharacter { kept.append(scalar) }
        }
        return String(kept)
    }

    /// The text as XML, in content and in attributes.
    var escapedForXML: String {
        String(self).inOneLineOrSpaces
            .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    /// Like ``String/inOneLine``, but a text keeps the space at its beginning or end.
    private var inOneLineOrSpaces: String {
        let text = String(self).inOneLine
        guard !text.isEmpty else { return isEmpty ? "" : " " }
        return (first?.isWhitespace == true ? " " : "") + text + (last?.isWhitespace == true ? " " : "")
    }
}

extension Transcript {
    /// The segments that have text, each in one line, in their order.
    var writtenSegments: [Segment] {
        segments.compactMap { segment in
            var segment = segment
            segment.text = segment.text.inOneLine
            return segment.text.isEmpty ? nil : segment
        }
    }

    /// Whether more than one person speaks.
    var hasSeveralSpeakers: Bool { Set(segments.map(\.speaker)).count > 1 }
}
