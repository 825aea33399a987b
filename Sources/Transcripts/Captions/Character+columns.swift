extension Character {
    /// Its width in columns: one for Latin letters, two for full-width characters and emoji.
    var columns: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if isFullWidth || first.properties.isEmojiPresentation { return 2 }
        // A sign such as ❤ becomes an emoji with the selector U+FE0F behind it.
        return unicodeScalars.contains("\u{FE0F}") ? 2 : 1
    }
}

extension StringProtocol {
    /// The width of the text in columns.
    var columns: Int { reduce(0) { $0 + $1.columns } }
}
