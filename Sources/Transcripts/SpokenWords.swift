import Foundation

/// A text's words as a listener tells them apart: without case, punctuation and the kind of white space.
///
/// "Don't" is one word, "well-known" two. In scripts that put no spaces between words each character counts as a word, as in Whisper's own
/// evaluation of Chinese, Japanese, Thai, Lao and Burmese.
package enum SpokenWords {
    /// The words of a text in their order.
    package static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        func end() {
            let trimmed = word.trimmingCharacters(in: ["'"])
            if !trimmed.isEmpty { words.append(trimmed) }
            word = ""
        }
        // Full-width letters and digits are the plain ones, and half-width kana the full ones.
        for character in text.precomposedStringWithCompatibilityMapping.lowercased() {
            let character: Character = character == "’" ? "'" : character
            if !(character.isLetter || character.isNumber || character == "'") {
                end()
            } else if character.isOfUnspacedScript {
                end()
                words.append(String(character))
            } else {
                word.append(character)
            }
        }
        end()
        return words
    }
}

/// Numbers for words, so that long texts compare fast: the same number for the same word.
struct WordNumbers {
    private var numbers: [String: Int] = [:]

    mutating func numbers(for words: some Sequence<String>) -> [Int] {
        words.map { word in
            if let number = numbers[word] { return number }
            numbers[word] = numbers.count
            return numbers.count - 1
        }
    }
}
