/// Everything that the engine decoded in a block.
struct DecodedBlock: Sendable {
    /// One of the engine's windows.
    struct Window: Sendable {
        /// The probability, 0 to 1, that it holds no speech.
        var noSpeech: Double?

        /// How many times its decoding was started.
        var attempts: Int
    }

    /// The segments, timed from the block's start.
    var segments: [DecodedSegment] = []

    /// The windows that they were decoded in.
    var windows: [Window] = []

    /// The language probabilities of the first window; nil if the engine did not get that far.
    var languages: LanguageProbabilities?

    /// Whether the block is in another language than the chosen one, so that it has no text yet.
    var isOtherLanguage = false

    /// A block that must be decoded again in another language.
    init(otherLanguage languages: LanguageProbabilities?) {
        self.languages = languages
        isOtherLanguage = true
    }

    /// Reads what the engine decoded in a block of `duration` milliseconds.
    init(_ recognition: Recognition, probe: LanguageProbe, duration: Int) {
        languages = recognition.languages
        windows = recognition.windows.map { Window(noSpeech: $0.noSpeech, attempts: $0.attempts) }
        var reader = SegmentReader(probe: probe, duration: duration)
        for number in 0..<probe.segmentCount {
            var segment = reader.read(number)
            segment.window = recognition.windows.lastIndex { $0.firstSegment <= number } ?? 0
            segments.append(segment)
        }
    }

    init(segments: [DecodedSegment], windows: [Window]) {
        self.segments = segments
        self.windows = windows
    }
}
