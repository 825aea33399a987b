import Foundation

/// A text's words as a listener distinguishes them: without case, punctuation and the kind of white space.
///
/// "Don't" is one word, "well-known" two. In scripts without spaces each character is a word, as in Whisper's own evaluation of Chinese,
/// Japanese, Thai, Lao and Burmese.
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
        // Compatibility mapping replaces full-width letters and digits, and half-width kana.
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

/// Numbers for words, so that long texts are compared fast: equal words have equal numbers.
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
