import Transcripts

/// The language that was found in a block of sound.
package struct SpokenLanguage: Sendable, Hashable {
    /// The language's code, "en".
    package let code: String

    /// How sure the model is, 0 to 1.
    package let probability: Double

    /// A language and how sure the model is of it.
    package init(code: String, probability: Double) {
        self.code = code
        self.probability = probability
    }
}

/// What was recognized in one block of sound.
package struct RecognizedBlock: Sendable, Hashable {
    /// The language of the block, as asked for or as found.
    package let language: String

    /// How sure the model is of the language, 0 to 1; nil if it was asked for.
    package let languageProbability: Double?

    /// What was said, timed from the start of the file.
    package let segments: [Segment]

    /// What the model wrote although nobody is likely to have said it, timed from the start of the file.
    package let removed: [RemovedSegment]

    /// What was recognized in a block.
    package init(language: String, languageProbability: Double? = nil, segments: [Segment], removed: [RemovedSegment] = []) {
        self.language = language
        self.languageProbability = languageProbability
        self.segments = segments
        self.removed = removed
    }
}
