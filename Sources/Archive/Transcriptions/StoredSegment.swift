import Transcripts

/// A segment with its place in the transcript.
package struct StoredSegment: Sendable, Hashable {
    /// Counts from 0 without gaps.
    package var ordinal: Int
    package var segment: Segment
}

/// A word with its place in the transcript.
package struct StoredWord: Sendable, Hashable {
    /// Counts from 0 through the whole transcript.
    package var ordinal: Int
    /// The ordinal of its segment.
    package var segment: Int
    /// Who said it; nil where nobody tells.
    package var speaker: String?
    package var word: Word
}

/// A segment that was taken out of a transcript, with what it takes to put it back.
package struct StoredRemoval: Sendable, Hashable {
    /// The block that it was heard in, and its place there: together they name it.
    package var block, place: Int
    package var removed: RemovedSegment
}

/// A part of a longer list.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// How many there are in all.
    package var total: Int
}
