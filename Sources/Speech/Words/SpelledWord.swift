/// A word made of the tokens that spell it.
struct SpelledWord: Sendable, Hashable {
    /// The word with the punctuation that hangs on it, without white space around it.
    var text: String

    /// The tokens that spell it.
    var tokens: [DecodedToken]

    /// The mean of the tokens' probabilities.
    var probability: Double {
        tokens.isEmpty ? 0 : tokens.reduce(0) { $0 + $1.probability } / Double(tokens.count)
    }

    /// Puts tokens together to words.
    ///
    /// A word begins at white space or, in scripts that are written without, at each token; never inside a character, though that may be
    /// split between tokens. Punctuation hangs on the word before it, an opening bracket or quotation mark on the word after it.
    static func words(of tokens: [DecodedToken]) -> [SpelledWord] {
        var pieces: [(text: String, tokens: [DecodedToken])] = []
        for token in tokens {
            if let last = pieces.last, !startsWord(token.text, after: last.text) {
                pieces[pieces.count - 1].text += token.text
                pieces[pieces.count - 1].tokens.append(token)
            } else {
                pieces.append((token.text, [token]))
            }
        }
        return joined(pieces)
    }

    private static func joined(_ pieces: [(text: String, tokens: [DecodedToken])]) -> [SpelledWord] {
        var words: [SpelledWord] = []
        var opening: (text: String, tokens: [DecodedToken]) = ("", [])
        for piece in pieces {
            let isWord = piece.text.contains { $0.isLetter || $0.isNumber || $0.isSymbol }
            if isWord {
                words.append(SpelledWord(text: trimmed(opening.text + piece.text), tokens: opening.tokens + piece.tokens))
                opening = ("", [])
            } else if words.isEmpty || !opening.text.isEmpty || opens(piece.text) {
                opening = (opening.text + piece.text, opening.tokens + piece.tokens)
            } else {
                words[words.count - 1].append(piece)
            }
        }
        if words.isEmpty, !trimmed(opening.text).isEmpty { return [SpelledWord(text: trimmed(opening.text), tokens: opening.tokens)] }
        if !opening.tokens.isEmpty, !words.isEmpty { words[words.count - 1].append(opening) }
        return words
    }

    private mutating func append(_ piece: (text: String, tokens: [DecodedToken])) {
        text = Self.trimmed(text + piece.text)
        tokens += piece.tokens
    }

    private static func startsWord(_ text: String, after last: String) -> Bool {
        guard let first = text.first, let end = last.last else { return false }
        if first.isWhitespace { return true }
        // A mark that changes the character before it is no beginning.
        guard last.count + text.count == (last + text).count else { return false }
        return isWrittenWithoutSpaces(first) || isWrittenWithoutSpaces(end)
    }

    private static func opens(_ text: String) -> Bool {
        trimmed(text).allSatisfy { "\"'“‘¿¡([{«„「『（《〈【".contains($0) }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// Whether a character is of a script that puts no spaces between its words: Chinese, Japanese, Thai, Lao, Burmese, Khmer, Tibetan.
    private static func isWrittenWithoutSpaces(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first?.value else { return false }
        let scripts: [ClosedRange<UInt32>] = [
            0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF, 0x2E80...0x30FF, 0x3100...0x312F, 0x31A0...0x31FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xA9E0...0xA9FF, 0xAA60...0xAA7F, 0xF900...0xFAFF, 0xFF00...0xFF60, 0x20000...0x323AF,
        ]
        return scripts.contains { $0.contains(scalar) }
    }
}
