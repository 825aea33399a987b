/// Text that is shown at once, with its times.
package struct Caption: Sendable, Hashable {
    /// An unbreakable part of a line: a word, or a character of a script without spaces.
    package struct Piece: Sendable, Hashable {
        /// The text, with its leading space unless it begins the line.
        package var text: String
        /// The time of the word that begins here, if known; within the caption's own times.
        package var start: Timestamp?
    }

    /// When the text appears.
    package var start: Timestamp
    /// When the text disappears.
    package var end: Timestamp
    /// The lines of the text; at least one, and none is empty.
    package var lines: [[Piece]]
    /// The speaker, if known.
    package var speaker: String?
    /// The language of the text.
    package var language: Language?

    /// Each line as plain text.
    package var lineTexts: [String] { lines.map { $0.map(\.text).joined() } }

    /// The text, a line break between its lines.
    package var text: String { lineTexts.joined(separator: "\n") }
}

extension Transcript {
    /// The transcript as captions, in the order in which they are shown.
    ///
    /// Without rules each segment becomes a caption of one line, with the segment's own times, even if those overlap.
    /// - Parameter namesSpeakers: whether the text begins with the speaker's name ("Speaker 1:") when the speaker changes; with one
    ///   speaker alone there are no names. The name is part of the text.
    package func captions(_ rules: CaptionRules? = CaptionRules(), namesSpeakers: Bool = false) -> [Caption] {
        let passages = Passage.passages(of: self, namesSpeakers: namesSpeakers)
        guard let rules else { return passages.map { Caption($0, lines: [$0.tokens[...]]) } }
        var lastStarts: [String?: Int] = [:]
        var drafts: [Caption] = []
        for passage in Passage.merging(passages, rules: rules) {
            let limit = rules.lineLength(for: passage.text)
            let breaker = LineBreaker(width: limit, lines: rules.lines)
            for tokens in CueSplitter(rules: rules, width: limit).split(passage.tokens) {
                var draft = Caption(passage.part(tokens), lines: breaker.lines(of: tokens))
                // Times that run backwards must not reorder one speaker's sentences.
                draft.start.milliseconds = max(draft.start.milliseconds, lastStarts[passage.speaker] ?? 0)
                draft.end = max(draft.start, draft.end)
                lastStarts[passage.speaker] = draft.start.milliseconds
                drafts.append(draft)
            }
        }
        // Simultaneous speakers alternate; `sorted` is stable, so each speaker's text keeps its order.
        return CueTimes(rules: rules, duration: duration).settle(drafts.sorted { $0.start < $1.start })
    }
}

extension Caption {
    fileprivate init(_ passage: Passage, lines: [ArraySlice<CaptionToken>]) {
        start = Timestamp(milliseconds: passage.start)
        end = Timestamp(milliseconds: passage.end)
        speaker = passage.speaker
        language = passage.language
        self.lines = lines.map { line in
            line.enumerated().map { index, token in
                Piece(text: (index > 0 && token.hasSpaceBefore ? " " : "") + token.text, start: token.wordStart)
            }
        }
    }
}
