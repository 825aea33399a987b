extension Character {
    /// How many columns it takes where Latin letters take one: two for full-width characters and emoji.
    var columns: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if isFullWidth || first.properties.isEmojiPresentation { return 2 }
        // A sign such as ❤ becomes a picture with the selector U+FE0F behind it.
        return unicodeScalars.contains("\u{FE0F}") ? 2 : 1
    }
}

extension StringProtocol {
    /// How many columns the text takes where Latin letters take one.
    var columns: Int { reduce(0) { $0 + $1.columns } }
}
