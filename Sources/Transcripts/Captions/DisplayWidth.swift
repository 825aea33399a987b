extension Character {
    /// How many columns it takes where Latin letters take one: two for full-width characters and emoji.
    ///
    /// After the Unicode Standard Annex 11, "East Asian Width", by blocks.
    var columns: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if isFullWidth || first.properties.isEmojiPresentation { return 2 }
        // A sign such as ❤ becomes a picture with the selector U+FE0F behind it.
        return unicodeScalars.contains("\u{FE0F}") ? 2 : 1
    }

    /// Whether it belongs to a script whose characters are all of the same, full width.
    var isFullWidth: Bool {
        guard let value = unicodeScalars.first?.value, value >= 0x1100 else { return false }
        return Self.fullWidth.contains { $0.contains(value) }
    }

    /// Whether it belongs to a script that puts no spaces between words.
    var isOfUnspacedScript: Bool { isIdeographic || isSoutheastAsian }

    /// Whether it is a character of Chinese or Japanese, punctuation included: a line may end after nearly any.
    var isIdeographic: Bool {
        guard let value = unicodeScalars.first?.value, value >= 0x2E80 else { return false }
        return Self.ideographic.contains { $0.contains(value) }
    }

    /// Whether it is of the scripts of Thai, Lao, Tibetan, Burmese or Khmer, whose words only a dictionary tells apart.
    var isSoutheastAsian: Bool {
        guard let value = unicodeScalars.first?.value, value >= 0x0E00 else { return false }
        return (0x0E00...0x0FFF).contains(value) || (0x1000...0x109F).contains(value) || (0x1780...0x17FF).contains(value)
    }

    private static let ideographic: [ClosedRange<UInt32>] = [
        0x2E80...0x312F, 0x3190...0x9FFF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF01...0xFF9F, 0x20000...0x3FFFD,
    ]

    private static let fullWidth: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
    ]
}

extension StringProtocol {
    /// How many columns the text takes where Latin letters take one.
    var columns: Int { reduce(0) { $0 + $1.columns } }
}
