import Transcripts

/// A stretch of a file whose text is complete.
package struct CompletedBlock: Sendable, Hashable {
    /// Where the stretch begins and ends.
    package let start, end: Timestamp

    /// The channel that was recognized, counted from 0.
    package let channel: Int

    /// What was said, in file time; empty where nothing was.
    package let segments: [Segment]

    /// What the gates removed.
    package let removed: [RemovedSegment]
}

/// An event of a transcription.
package enum TranscriptionEvent: Sendable, Hashable {
    /// The language that was found.
    case language(DetectedLanguage)

    /// How much of the file was processed.
    case progress(position: Timestamp)

    /// A stretch is complete; the segments of all stretches come in the order in which they begin.
    case block(CompletedBlock)

    /// Part of the file could not be read, for this reason in ffmpeg's words; comes before the end.
    case damaged(reason: String)

    /// The end of the sound, or of the requested part, was reached at this time.
    case finished(duration: Timestamp)
}
