import Transcripts

/// A word, or a phrase of words that follow one another.
struct SearchTerm: Sendable, Hashable {
    /// As it was written, without quotation marks; it has a letter or a digit.
    let text: String

    /// Nil for a text without letters and digits, such as a lone dash.
    init?(_ text: some StringProtocol) {
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
        self.text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Whether trigrams can find it; other terms are found by their characters alone.
    var canBeLikened: Bool { text.count >= 3 && !text.hasJoinedScript }

    /// A pattern for ILIKE that finds it anywhere.
    var pattern: String {
        "%" + text.map { "\\%_".contains($0) ? "\\\($0)" : "\($0)" }.joined() + "%"
    }

    /// Its form for `websearch_to_tsquery`, which has no other use for quotation marks than this.
    var quoted: String { "\"\(text)\"" }
}

extension String {
    /// Whether it has characters of a script without spaces between words: the same ranges as in the database's function `search_words`.
    var hasJoinedScript: Bool {
        unicodeScalars.contains { $0.isIn(ScriptRanges.searchedByCharacter) }
    }
}
