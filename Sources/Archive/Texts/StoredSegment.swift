import Transcripts

/// A segment with its place in the transcript.
package struct StoredSegment: Sendable, Hashable {
    /// Numbered from 0 without gaps.
    package var ordinal: Int
    package var segment: Segment
}

/// A word with its place in the transcript.
package struct StoredWord: Sendable, Hashable {
    /// Numbered from 0 through the whole transcript.
    package var ordinal: Int
    /// The ordinal of its segment.
    package var segment: Int
    /// The speaker; nil if unknown.
    package var speaker: String?
    package var word: Word
}

/// A segment that was taken out of a transcript, with its place, so that it can be restored.
package struct StoredRemoval: Sendable, Hashable {
    /// The block that it was recognized in, and its place there: together they identify it.
    package var block, place: Int
    package var removed: RemovedSegment
}
