/// The distance of a text from the reference: inserted, deleted and substituted words per word of the reference.
///
/// ``SpokenWords`` defines words.
package struct WordErrorRate: Sendable, Hashable {
    /// Words of the reference that were replaced by others.
    package let substitutions: Int
    /// Words that are not in the reference.
    package let insertions: Int
    /// Words that are missing.
    package let deletions: Int
    /// The number of words in the reference.
    package let words: Int

    /// The sum of all errors.
    package var errors: Int { substitutions + insertions + deletions }

    /// The errors per word of the reference; if that is empty, 0 for an empty text and 1 for any other.
    package var rate: Double {
        words == 0 ? (errors == 0 ? 0 : 1) : Double(errors) / Double(words)
    }

    package init(substitutions: Int = 0, insertions: Int = 0, deletions: Int = 0, words: Int = 0) {
        self.substitutions = substitutions
        self.insertions = insertions
        self.deletions = deletions
        self.words = words
    }

    /// Compares a recognized text with what was said.
    ///
    /// If the smallest number of errors has several divisions, one of them is chosen. Memory grows with the number of words, time
    /// with the square of the number of errors: a hundred thousand words with one in ten wrong take seconds.
    package init(reference: String, hypothesis: String) {
        var numbers = WordNumbers()
        let said = numbers.numbers(for: SpokenWords.words(of: reference))
        let recognized = numbers.numbers(for: SpokenWords.words(of: hypothesis))
        let distance = EditDistance(from: said, to: recognized)
        // Every insertion makes the text one word longer, every deletion one shorter.
        let changed = distance.errors - distance.substitutions
        self.init(
            substitutions: distance.substitutions,
            insertions: (changed + recognized.count - said.count) / 2,
            deletions: (changed - recognized.count + said.count) / 2,
            words: said.count
        )
    }

    /// The sums of errors and words.
    package static func + (left: WordErrorRate, right: WordErrorRate) -> WordErrorRate {
        WordErrorRate(
            substitutions: left.substitutions + right.substitutions,
            insertions: left.insertions + right.insertions,
            deletions: left.deletions + right.deletions,
            words: left.words + right.words
        )
    }
}
