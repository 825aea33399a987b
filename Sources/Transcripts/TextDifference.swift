/// The words that only one of two texts has.
///
/// Time grows with the number of words times the number of differences, memory with the number of words: two versions of a day's recording
/// take no noticeable time, two different books of a hundred thousand words take minutes.
package struct TextDifference: Sendable, Hashable {
    /// The kind of a part.
    package enum Change: String, Sendable, Hashable, Codable {
        /// Both texts have them.
        case same
        /// Only the old text has them.
        case removed
        /// Only the new text has them.
        case added
    }

    /// Consecutive words with the same change.
    package struct Part: Sendable, Hashable, Codable {
        package var change: Change
        /// The words; common words in the new text's spelling.
        package var text: String
        /// The separator from the part before: a space, a line break or nothing.
        package var separator: String
    }

    /// The parts of both texts, in order; of replaced words, the removed ones come first.
    package let parts: [Part]
    /// The number of words in the old text.
    package let oldWords: Int
    /// The number of words in the new text.
    package let newWords: Int

    /// Whether both texts have the same words.
    package var isEmpty: Bool { parts.allSatisfy { $0.change == .same } }

    /// Compares two texts word by word, characters of scripts without spaces one by one.
    ///
    /// - Parameter asSpoken: whether case and punctuation are ignored, as in ``SpokenWords``.
    package init(old: String, new: String, asSpoken: Bool = false) {
        let (old, new) = (ComparedWord.words(of: old, asSpoken: asSpoken), ComparedWord.words(of: new, asSpoken: asSpoken))
        var numbers = WordNumbers()
        let script = ShortestEdit.script(from: numbers.numbers(for: old.map(\.key)), to: numbers.numbers(for: new.map(\.key)))
        var parts: [Part] = []
        var position = 0
        for (change, index) in script {
            var word = change == .removed ? old[index] : new[index]
            // The first word of the new text may not be the first of the old one.
            if change == .same, index == 0 { word.separator = old[position].separator }
            if change != .added { position += 1 }
            if let last = parts.indices.last, parts[last].change == change {
                parts[last].text += word.separator + word.text
            } else {
                parts.append(Part(change: change, text: word.text, separator: parts.isEmpty ? "" : word.separator))
            }
        }
        self.parts = parts
        (oldWords, newWords) = (old.count, new.count)
    }

    /// Both texts in one, marked as wdiff does: `[-old-]{+new+}`.
    package var markedText: String { text(removed: ("[-", "-]"), added: ("{+", "+}")) }

    /// Both texts in one, with marks around what was removed and what was added.
    package func text(removed: (String, String), added: (String, String)) -> String {
        var text = ""
        var last: Change?
        for part in parts {
            // A replacement follows the removed words without a separator.
            if !(last == .removed && part.change == .added) { text += part.separator }
            switch part.change {
            case .same: text += part.text
            case .removed: text += removed.0 + part.text + removed.1
            case .added: text += added.0 + part.text + added.1
            }
            last = part.change
        }
        return text
    }
}

/// A word of a text that is compared.
private struct ComparedWord {
    var text: String
    /// The form that is compared.
    var key: String
    var separator: String

    static func words(of text: String, asSpoken: Bool) -> [ComparedWord] {
        var words: [ComparedWord] = []
        var separator = ""
        var rest = text[...]
        while !rest.isEmpty {
            let space = rest.prefix(while: \.isWhitespace)
            rest = rest.dropFirst(space.count)
            separator = space.isEmpty ? "" : space.contains(where: \.isNewline) ? "\n" : " "
            let chunk = rest.prefix { !$0.isWhitespace }
            rest = rest.dropFirst(chunk.count)
            guard !chunk.isEmpty else { break }
            for part in CaptionTokenizer.parts(of: chunk) {
                let key = asSpoken ? SpokenWords.words(of: String(part)).joined(separator: " ") : String(part)
                if key.isEmpty, let last = words.indices.last {
                    // A dash between spaces is not a word, but is kept.
                    words[last].text += separator + part
                } else if !key.isEmpty {
                    words.append(ComparedWord(text: String(part), key: key, separator: separator))
                }
                separator = ""
            }
        }
        return words
    }
}
