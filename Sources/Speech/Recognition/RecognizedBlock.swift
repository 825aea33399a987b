import Transcripts

/// What was recognized in one block of sound.
package struct RecognizedBlock: Sendable, Hashable {
    /// The language of the block; without a probability if it was asked for.
    package let language: DetectedLanguage

    /// What was said, timed from the start of the file.
    package let segments: [Segment]

    /// What the gates removed, timed from the start of the file.
    package let removed: [RemovedSegment]

    package init(language: DetectedLanguage, segments: [Segment], removed: [RemovedSegment] = []) {
        self.language = language
        self.segments = segments
        self.removed = removed
    }
}
