import Foundation

/// How far a text is from the true one: the words that must be put in, taken out or replaced, per word of the true text.
///
/// Case, punctuation and the kind of white space do not count; "don't" is one word, "well-known" two.
package struct WordErrorRate: Sendable, Hashable {
    /// The smallest number of words to put in, take out or replace.
    package let errors: Int
    /// The number of words in the true text.
    package let words: Int

    /// The errors per word of the true text; where that is empty, 0 for an empty text and 1 for any other.
    package var rate: Double {
        words == 0 ? (errors == 0 ? 0 : 1) : Double(errors) / Double(words)
    }

    /// Takes a count of errors and words as they are, to start a sum from.
    package init(errors: Int, words: Int) {
        self.errors = errors
        self.words = words
    }

    /// Compares a text that was heard with the one that was said.
    package init(reference: String, hypothesis: String) {
        let reference = Self.words(of: reference)
        self.init(errors: Self.distance(reference, Self.words(of: hypothesis)), words: reference.count)
    }

    /// The errors and words of two texts together.
    package static func + (left: WordErrorRate, right: WordErrorRate) -> WordErrorRate {
        WordErrorRate(errors: left.errors + right.errors, words: left.words + right.words)
    }

    /// A text's words as they are compared: in lower case, without punctuation.
    package static func words(of text: String) -> [String] {
        let composed = text.precomposedStringWithCanonicalMapping.lowercased().replacing("’", with: "'")
        let kept = composed.map { $0.isLetter || $0.isNumber || $0 == "'" ? $0 : " " }
        return String(kept).split(separator: " ").map { $0.trimmingCharacters(in: ["'"]) }.filter { !$0.isEmpty }
    }

    /// The smallest number of edits between two lists, in memory of the second one's length.
    private static func distance(_ from: [String], _ to: [String]) -> Int {
        var row = Array(0...to.count)
        for (index, word) in from.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in to.indices {
                let substitution = diagonal + (word == to[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substitution, row[column] + 1, diagonal + 1)
            }
        }
        return row[to.count]
    }
}
