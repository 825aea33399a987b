/// Ranges of Unicode whose scripts are written without spaces between words, or with characters of full width.
package enum ScriptRanges {
    /// Thai, Lao, Tibetan, Burmese and Khmer, whose words only a dictionary separates.
    static let southeastAsian: [ClosedRange<UInt32>] = [thaiLaoTibetan, burmese, khmer, 0xA9E0...0xA9FF, 0xAA60...0xAA7F]

    /// Chinese and Japanese, punctuation included: a line may end after nearly any character.
    static let ideographic: [ClosedRange<UInt32>] = [
        0x2E80...0x312F, 0x3190...0x9FFF, compatibilityIdeographs, 0xFE30...0xFE4F, 0xFF01...0xFF9F, 0x20000...0x3FFFD,
    ]

    /// Characters of full width, after the Unicode Standard Annex 11, "East Asian Width", by blocks.
    static let fullWidth: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, hangul, compatibilityIdeographs, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
    ]

    /// Scripts that are searched character by character; the database's function `search_words` has the same ranges.
    package static let searchedByCharacter: [ClosedRange<UInt32>] = [
        thaiLaoTibetan, burmese, khmer, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, hangul, compatibilityIdeographs,
    ]

    private static let thaiLaoTibetan: ClosedRange<UInt32> = 0x0E00...0x0FFF
    private static let burmese: ClosedRange<UInt32> = 0x1000...0x109F
    private static let khmer: ClosedRange<UInt32> = 0x1780...0x17FF
    private static let hangul: ClosedRange<UInt32> = 0xAC00...0xD7AF
    private static let compatibilityIdeographs: ClosedRange<UInt32> = 0xF900...0xFAFF
}

extension Unicode.Scalar {
    /// Whether one of the ranges contains it.
    package func isIn(_ ranges: [ClosedRange<UInt32>]) -> Bool {
        ranges.contains { $0.contains(value) }
    }
}

extension Character {
    /// Whether it belongs to a script whose characters are all of the same, full width.
    var isFullWidth: Bool { isIn(ScriptRanges.fullWidth, from: 0x1100) }

    /// Whether it belongs to a script that puts no spaces between words.
    package var isOfUnspacedScript: Bool { isIdeographic || isSoutheastAsian }

    /// Whether it is a character of Chinese or Japanese.
    var isIdeographic: Bool { isIn(ScriptRanges.ideographic, from: 0x2E80) }

    /// Whether it is of a Southeast Asian script without spaces.
    var isSoutheastAsian: Bool { isIn(ScriptRanges.southeastAsian, from: 0x0E00) }

    private func isIn(_ ranges: [ClosedRange<UInt32>], from first: UInt32) -> Bool {
        guard let scalar = unicodeScalars.first, scalar.value >= first else { return false }
        return scalar.isIn(ranges)
    }
}
