import Transcripts

/// A stretch of a file whose text is complete.
package struct CompletedBlock: Sendable, Hashable {
    /// The time in the file from which a later transcription may go on: it then gives exactly the segments that come after these.
    package let end: Timestamp

    /// What was said, in file time; empty where the model heard nothing.
    package let segments: [Segment]
}

/// What happens while a file is transcribed.
package enum TranscriptionEvent: Sendable, Hashable {
    /// The language that was found, with its probability; it may be corrected as long as there are no segments.
    case language(code: String, probability: Double)

    /// A segment, in file time, as soon as the engine has it.
    case segment(Segment)

    /// How far the file has been worked through, and its length where that is known.
    case progress(position: Timestamp, of: Timestamp?)

    /// A block is complete; its segments were announced before one by one.
    case block(CompletedBlock)

    /// The end of the file was reached, at this time.
    case finished(duration: Timestamp)
}
