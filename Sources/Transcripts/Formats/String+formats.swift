extension String {
    /// The text in one line: each white space becomes one space, except no-break spaces, and control characters, which break parsers, are
    /// removed.
    var inOneLine: String {
        // The common case, which is fast.
        if utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return self }
        let words = split(whereSeparator: \.isBreakingSpace)
        return words.map { $0.withoutControls }.filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension StringProtocol {
    /// The text without control characters and noncharacters.
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

    /// Like ``String/inOneLine``, but keeps the space at the beginning or end.
    private var inOneLineOrSpaces: String {
        let text = String(self).inOneLine
        guard !text.isEmpty else { return isEmpty ? "" : " " }
        return (first?.isWhitespace == true ? " " : "") + text + (last?.isWhitespace == true ? " " : "")
    }
}
