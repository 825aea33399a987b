/// Text that is shown at once, with the time when it is.
package struct Caption: Sendable, Hashable {
    /// A part of a line that is never broken: a word, or a character of a script without spaces.
    package struct Piece: Sendable, Hashable {
        /// The text, with the space before it if there is one and it does not begin the line.
        package var text: String
        /// When the word is said, if it begins here and its time is known; within the caption's own times.
        package var start: Timestamp?
    }

    /// When the text appears.
    package var start: Timestamp
    /// When the text disappears.
    package var end: Timestamp
    /// The text, line by line; there is at least one, and none is empty.
    package var lines: [[Piece]]
    /// Who says it, if that is known.
    package var speaker: String?
    /// The language that it is written in.
    package var language: Language?

    /// Each line as plain text.
    package var lineTexts: [String] { lines.map { $0.map(\.text).joined() } }

    /// The text, a line break between its lines.
    package var text: String { lineTexts.joined(separator: "\n") }
}

extension Transcript {
    /// The transcript as captions, in the order in which they are shown.
    ///
    /// Without rules there is a caption of one line for each segment, with the segment's own times, even where those overlap.
    /// - Parameter namesSpeakers: whether a text whose speaker is not the one before begins with the speaker's name ("Speaker 1:"),
    ///   which only happens where there are several; the name counts as text then.
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
                // Times that run backwards must not turn one speaker's sentences round.
                draft.start.milliseconds = max(draft.start.milliseconds, lastStarts[passage.speaker] ?? 0)
                draft.end = max(draft.start, draft.end)
                lastStarts[passage.speaker] = draft.start.milliseconds
                drafts.append(draft)
            }
        }
        // Speakers who talk at the same time take turns; `sorted` is stable, so each one's text keeps its order.
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
