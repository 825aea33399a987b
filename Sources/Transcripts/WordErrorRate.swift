/// How far a text is from the true one: the words that must be put in, taken out or replaced, per word of the true text.
///
/// What a word is, and what does not count, says ``SpokenWords``.
package struct WordErrorRate: Sendable, Hashable {
    /// Words of the true text in whose place another one was heard.
    package let substitutions: Int
    /// Words that were heard but not said.
    package let insertions: Int
    /// Words that were said but not heard.
    package let deletions: Int
    /// The number of words in the true text.
    package let words: Int

    /// The smallest number of words to put in, take out or replace.
    package var errors: Int { substitutions + insertions + deletions }

    /// The errors per word of the true text; where that is empty, 0 for an empty text and 1 for any other.
    package var rate: Double {
        words == 0 ? (errors == 0 ? 0 : 1) : Double(errors) / Double(words)
    }

    /// Takes counts as they are; without any, the beginning of a sum.
    package init(substitutions: Int = 0, insertions: Int = 0, deletions: Int = 0, words: Int = 0) {
        self.substitutions = substitutions
        self.insertions = insertions
        self.deletions = deletions
        self.words = words
    }

    /// Compares a text that was heard with the one that was said.
    ///
    /// Where the smallest number of errors can be counted in several ways, one of them is told. Memory grows with the number of words, time
    /// with the square of the number of errors: a hundred thousand words with one in ten wrong take seconds.
    package init(reference: String, hypothesis: String) {
        var numbers = WordNumbers()
        let said = numbers.numbers(for: SpokenWords.words(of: reference))
        let heard = numbers.numbers(for: SpokenWords.words(of: hypothesis))
        let distance = EditDistance(from: said, to: heard)
        // Every insertion makes the text one word longer, every deletion one shorter.
        let changed = distance.errors - distance.substitutions
        self.init(
            substitutions: distance.substitutions,
            insertions: (changed + heard.count - said.count) / 2,
            deletions: (changed - heard.count + said.count) / 2,
            words: said.count
        )
    }

    /// The errors and words of two texts together.
    package static func + (left: WordErrorRate, right: WordErrorRate) -> WordErrorRate {
        WordErrorRate(
            substitutions: left.substitutions + right.substitutions,
            insertions: left.insertions + right.insertions,
            deletions: left.deletions + right.deletions,
            words: left.words + right.words
        )
    }
}
