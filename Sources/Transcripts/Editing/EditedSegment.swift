/// A segment as a user edited it.
package struct EditedSegment: Sendable, Hashable {
    /// When the speech starts and ends.
    package var start, end: Timestamp
    /// What was said; white space between words becomes one space.
    package var text: String
    /// The speaker; nil if unknown.
    package var speaker: String?
    /// The language that it was said in; nil to keep it.
    package var language: Language?

    package init(start: Timestamp, end: Timestamp, text: String, speaker: String? = nil, language: Language? = nil) {
        self.start = start
        self.end = end
        self.text = text.singleSpaced
        self.speaker = speaker
        self.language = language
    }
}

extension EditedSegment {
    /// The segments of an edited text, in the order of their starts, with the measurements of the old ones that still apply.
    ///
    /// A segment with the times and text of an old one keeps its measurements. In every other one, words that the old text has at this time
    /// keep their times, and new words share the rest.
    package static func segments(_ edited: [EditedSegment], editedFrom old: [Segment]) -> [Segment] {
        let edited = edited.inOrder(of: \.start)
        var unused = OldSegments(old)
        let kept = edited.map { unused.take(like: $0) }
        guard old.contains(where: { $0.words != nil }) else {
            return zip(edited, kept).map { edit, segment in edit.segment(like: segment) }
        }
        var words = WordPool(of: unused.rest, for: zip(edited, kept).filter { $0.1 == nil }.map(\.0))
        return zip(edited, kept).map { edit, segment in
            guard segment == nil else { return edit.segment(like: segment) }
            let (said, timing) = words.next()
            var segment = edit.segment(like: nil)
            segment.words = WordRealignment.words(of: edit, old: said)
            segment.wordTiming = timing
            return segment
        }
    }

    /// - Parameter old: The segment with the same times and text, of which only speaker or language may have changed.
    private func segment(like old: Segment?) -> Segment {
        var segment = old ?? Segment(start: start, end: end, text: text)
        segment.speaker = speaker
        if let language { segment.language = language }
        return segment
    }
}

/// The segments of the old text that do not belong to a new one yet.
private struct OldSegments {
    private struct Key: Hashable {
        let start, end: Timestamp
        let text: String
    }

    private let segments: [Segment]
    /// The positions of the remaining segments by their keys, the first one last.
    private var places: [Key: [Int]]

    init(_ segments: [Segment]) {
        self.segments = segments
        places = Dictionary(
            grouping: segments.indices.reversed(),
            by: { Key(start: segments[$0].start, end: segments[$0].end, text: segments[$0].text) }
        )
    }

    mutating func take(like edit: EditedSegment) -> Segment? {
        places[Key(start: edit.start, end: edit.end, text: edit.text)]?.popLast().map { segments[$0] }
    }

    /// The remaining segments, in their order.
    var rest: [Segment] { places.values.flatMap(\.self).sorted().map { segments[$0] } }
}

/// Distributes the words of the old text to the changed segments by their times.
private struct WordPool {
    private var shares: ArraySlice<(words: [Word], timing: WordTiming)>

    /// - Parameter edited: In the order of their starts.
    init(of old: [Segment], for edited: [EditedSegment]) {
        var shares = edited.map { _ in (words: [Word](), timing: WordTiming.tokens) }
        for segment in old {
            for word in segment.words ?? [] {
                guard let index = Self.place(of: word, in: edited) else { continue }
                shares[index].words.append(word)
                shares[index].timing = segment.wordTiming ?? .tokens
            }
        }
        self.shares = shares.map { share in (words: share.words.inOrder(of: \.start), timing: share.timing) }[...]
    }

    /// The share of the next segment.
    mutating func next() -> (words: [Word], timing: WordTiming) {
        shares.popFirst() ?? ([], .tokens)
    }

    /// The segment that contains the middle of a word.
    private static func place(of word: Word, in edited: [EditedSegment]) -> Int? {
        let middle = (word.start.milliseconds + word.end.milliseconds) / 2
        var (low, high) = (0, edited.count)
        while low < high {
            let index = (low + high) / 2
            if edited[index].start.milliseconds <= middle { low = index + 1 } else { high = index }
        }
        // With simultaneous speakers, a segment that began earlier may not have ended.
        return (max(0, low - 4)..<low).last { edited[$0].end.milliseconds > middle }
    }
}
