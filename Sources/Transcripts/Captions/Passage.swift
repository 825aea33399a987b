/// A stretch of text of one speaker in one language: a segment, or several short ones.
struct Passage {
    var speaker: String?
    var language: Language?
    /// In milliseconds.
    var start, end: Int
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

    /// Joins a passage that is too short to be read with an adjacent one of the same speaker, if both fit into one caption.
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
        // The passage keeps the segment's times at its ends, although the first word may begin later and the last one end earlier.
        if tokens.startIndex > self.tokens.startIndex, let first = tokens.first { part.start = first.start }
        if tokens.endIndex < self.tokens.endIndex, let last = tokens.last { part.end = last.end }
        return part
    }
}
