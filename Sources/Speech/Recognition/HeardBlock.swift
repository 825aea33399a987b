/// Everything that the engine has to say about a block.
struct HeardBlock: Sendable {
    /// What is known of one of the engine's windows.
    struct Window: Sendable {
        /// The probability, 0 to 1, that nobody speaks in it.
        var noSpeech: Double?

        /// How many times its text was begun.
        var attempts: Int
    }

    /// The segments, timed from the block's start.
    var segments: [HeardSegment] = []

    /// The windows that they were heard in.
    var windows: [Window] = []

    /// What the first window says about the language; nil if the engine did not come that far.
    var languages: LanguageProbabilities?

    /// Whether the block is in another language than the engine was told, so that there is no text yet.
    var isOtherLanguage = false

    /// A block that must be heard again in another language.
    init(otherLanguage languages: LanguageProbabilities?) {
        self.languages = languages
        isOtherLanguage = true
    }

    /// Reads what the engine wrote in a block of so many milliseconds.
    init(_ recognition: Recognition, ear: EngineEar, duration: Int) {
        languages = recognition.languages
        windows = recognition.windows.map { Window(noSpeech: $0.noSpeech, attempts: $0.attempts) }
        var reader = SegmentReader(ear: ear, duration: duration)
        for number in 0..<ear.segmentCount {
            var segment = reader.read(number)
            segment.window = recognition.windows.lastIndex { $0.firstSegment <= number } ?? 0
            segments.append(segment)
        }
    }

    /// A block of known parts.
    init(segments: [HeardSegment], windows: [Window]) {
        self.segments = segments
        self.windows = windows
    }
}
