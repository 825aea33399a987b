/// The smallest part of a text that stays together: a word, or a character of a script without spaces.
struct CaptionToken {
    /// The text, without white space around it.
    var text: String
    /// Whether white space precedes it.
    var hasSpaceBefore: Bool
    var columns: Int
    /// When it is said, in milliseconds; estimated unless it was measured.
    var start, end: Int
    /// The measured time of the word that begins here.
    var wordStart: Timestamp?
    /// The cost of a line break behind it: 0 after a sentence, about 1 between words, more inside a phrase.
    var breakCost: Double
}

extension CaptionToken {
    /// The name of a speaker, which is kept with the text behind it.
    static func label(_ speaker: String, at start: Int) -> CaptionToken {
        let text = speaker.split(whereSeparator: \.isBreakingSpace).joined(separator: " ") + ":"
        return CaptionToken(text: text, hasSpaceBefore: false, columns: text.columns, start: start, end: start, breakCost: 4)
    }
}
