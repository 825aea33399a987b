import Foundation

extension String {
    /// Without white space around it.
    var trimmed: String {
        // Most texts of a large transcript; Foundation takes microseconds for each.
        guard let first = utf8.first, let last = utf8.last, first.isVisibleASCII, last.isVisibleASCII else {
            return trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return self
    }

    /// With one space wherever it has spaces, tabs or line breaks, and none around it.
    ///
    /// Everything else stays: a no-break space is meant, and joiners are part of words in Persian, Sinhala, Hindi and emoji.
    package var singleSpaced: String {
        var previous = UInt8(ascii: " ")
        let isSpacedAlready = utf8.allSatisfy { byte in
            defer { previous = byte }
            return byte.isVisibleASCII || byte == UInt8(ascii: " ") && previous != UInt8(ascii: " ")
        }
        if isSpacedAlready, previous != UInt8(ascii: " ") { return self }
        let words = unicodeScalars.split { $0 == " " || $0 == "\t" || $0.isLineBreak }
        return words.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
    }

    /// With a space for each control character, which some formats can't contain.
    package var withoutControlCharacters: String {
        // Most texts of a large edit; to look at each of their characters would take a second.
        guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}

extension Character {
    /// Whether it is white space at which a line may break: any but the no-break spaces (UAX 14, class GL).
    var isBreakingSpace: Bool { isWhitespace && self != "\u{A0}" && self != "\u{202F}" && self != "\u{2007}" }
}

extension Unicode.Scalar {
    /// Unicode's mandatory breaks (UAX 14, classes BK, CR, LF and NL).
    fileprivate var isLineBreak: Bool {
        ("\u{0A}"..."\u{0D}").contains(self) || self == "\u{85}" || self == "\u{2028}" || self == "\u{2029}"
    }
}

extension UInt8 {
    fileprivate var isVisibleASCII: Bool { self > 0x20 && self < 0x7F }
}
