import Transcripts

/// A word made of the tokens that spell it.
struct SpelledWord: Sendable, Hashable {
    /// The word with its punctuation, without white space around it.
    var text: String

    /// The tokens that spell it.
    var tokens: [DecodedToken]

    /// The mean of the tokens' probabilities.
    var probability: Double {
        tokens.isEmpty ? 0 : tokens.reduce(0) { $0 + $1.probability } / Double(tokens.count)
    }

    /// Joins tokens to words.
    ///
    /// A word begins at white space or, in scripts without spaces, at each token; never inside a character that is split between tokens.
    /// Punctuation belongs to the word before it, an opening bracket or quotation mark to the word after it.
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
                words.append(SpelledWord(text: SegmentText.trimmed(opening.text + piece.text), tokens: opening.tokens + piece.tokens))
                opening = ("", [])
            } else if words.isEmpty || !opening.text.isEmpty || opens(piece.text) {
                opening = (opening.text + piece.text, opening.tokens + piece.tokens)
            } else {
                words[words.count - 1].append(piece)
            }
        }
        if words.isEmpty, !SegmentText.trimmed(opening.text).isEmpty {
            return [SpelledWord(text: SegmentText.trimmed(opening.text), tokens: opening.tokens)]
        }
        if !opening.tokens.isEmpty, !words.isEmpty { words[words.count - 1].append(opening) }
        return words
    }

    private mutating func append(_ piece: (text: String, tokens: [DecodedToken])) {
        text = SegmentText.trimmed(text + piece.text)
        tokens += piece.tokens
    }

    private static func startsWord(_ text: String, after last: String) -> Bool {
        guard let first = text.first, let end = last.last else { return false }
        if first.isWhitespace { return true }
        // A mark that modifies the character before it does not begin a word.
        guard last.count + text.count == (last + text).count else { return false }
        return first.isOfUnspacedScript || end.isOfUnspacedScript
    }

    private static func opens(_ text: String) -> Bool {
        SegmentText.trimmed(text).allSatisfy { "\"'“‘¿¡([{«„「『（《〈【".contains($0) }
    }
}
