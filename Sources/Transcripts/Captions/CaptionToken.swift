/// The smallest part of a text that stays together: a word, or a character of a script without spaces.
struct CaptionToken {
    /// The text, without white space around it.
    var text: String
    /// Whether white space stands before it.
    var hasSpaceBefore: Bool
    /// Its width.
    var columns: Int
    /// When it is said, in milliseconds; estimated where nobody measured.
    var start: Int
    /// When it ends, in milliseconds.
    var end: Int
    /// When the word that begins here is said, where that was measured.
    var wordStart: Timestamp?
    /// How bad it is to break the text behind it: 0 after a sentence, about 1 between words, more inside a phrase.
    var breakCost: Double
}

/// A stretch of text of one speaker in one language: a segment, or several short ones.
struct Passage {
    var speaker: String?
    var language: Language?
    /// Milliseconds.
    var start: Int
    /// Milliseconds.
    var end: Int
    /// Never empty.
    var tokens: [CaptionToken]

    /// The segments of a transcript in the order of their starts, without those that have no text.
    static func passages(of transcript: Transcript, namesSpeakers: Bool) -> [Passage] {
        let segments = transcript.segments.sorted { $0.start < $1.start }
        let hasSeveral = Set(segments.map(\.speaker)).count > 1
        var passages: [Passage] = []
        for segment in segments {
            let language = transcript.isTranslation ? transcript.textLanguage : segment.language ?? transcript.language
            var tokens = CaptionTokenizer(segment).tokens()
            guard !tokens.isEmpty else { continue }
            let start = max(0, segment.start.milliseconds)
            if namesSpeakers, hasSeveral, let speaker = segment.speaker, speaker != passages.last?.speaker {
                tokens.insert(.label(speaker, at: start), at: 0)
                tokens[1].hasSpaceBefore = true
            }
            let end = max(start, segment.end.milliseconds)
            passages.append(Passage(speaker: segment.speaker, language: language, start: start, end: end, tokens: tokens))
        }
        return passages
    }

    /// Joins a passage that is too short to be read with the one of the same speaker before or behind it, if both fit into one caption.
    static func merging(_ passages: [Passage], rules: CaptionRules) -> [Passage] {
        let (shortest, longest) = (rules.minimumDuration.milliseconds, rules.maximumDuration.milliseconds)
        var merged: [Passage] = []
        for passage in passages {
            guard
                let last = merged.last, last.speaker == passage.speaker, last.language == passage.language,
                min(last.end - last.start, passage.end - passage.start) < shortest,
                (0...shortest).contains(passage.start - last.end), passage.end - last.start <= longest
            else {
                merged.append(passage)
                continue
            }
            var tokens = last.tokens + passage.tokens
            tokens[last.tokens.count].hasSpaceBefore = passage.language?.wordSeparator != ""
            let joined = Passage(speaker: last.speaker, language: last.language, start: last.start, end: passage.end, tokens: tokens)
            if LineBreaker(width: rules.lineLength(for: joined.text), lines: rules.lines).fits(tokens[...]) {
                merged[merged.count - 1] = joined
            } else {
                merged.append(passage)
            }
        }
        return merged
    }

    /// The text as one line.
    var text: String {
        tokens.enumerated().map { ($0 > 0 && $1.hasSpaceBefore ? " " : "") + $1.text }.joined()
    }

    /// A part of the passage, with its own times.
    func part(_ tokens: ArraySlice<CaptionToken>) -> Passage {
        var part = self
        part.tokens = Array(tokens)
        // The ends of the passage are the segment's: the first word may be measured later, the last one earlier.
        if tokens.startIndex > self.tokens.startIndex, let first = tokens.first { part.start = first.start }
        if tokens.endIndex < self.tokens.endIndex, let last = tokens.last { part.end = last.end }
        return part
    }
}

extension CaptionToken {
    /// The name of a speaker, which stays with the text behind it.
    fileprivate static func label(_ speaker: String, at start: Int) -> CaptionToken {
        let text = speaker.split(whereSeparator: \.isWhitespace).joined(separator: " ") + ":"
        return CaptionToken(text: text, hasSpaceBefore: false, columns: text.columns, start: start, end: start, breakCost: 4)
    }
}
