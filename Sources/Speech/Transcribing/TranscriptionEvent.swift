import Transcripts

/// A stretch of a file whose text is complete.
package struct CompletedBlock: Sendable, Hashable {
    /// Where the stretch begins.
    package let start: Timestamp

    /// Where it ends.
    package let end: Timestamp

    /// The channel that was heard, counted from 0.
    package let channel: Int

    /// What was said, in file time; empty where the model heard nothing.
    package let segments: [Segment]

    /// What was heard but taken out again.
    package let removed: [RemovedSegment]
}

/// What happens while a file is transcribed.
package enum TranscriptionEvent: Sendable, Hashable {
    /// The language that was found, with its probability.
    case language(code: String, probability: Double)

    /// How far the file has been worked through.
    case progress(position: Timestamp)

    /// A stretch is complete; the segments of all of them come in the order in which they begin.
    case block(CompletedBlock)

    /// The end of the sound, or of the part that was asked for, was reached at this time.
    case finished(duration: Timestamp)
}
