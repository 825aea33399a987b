import Transcripts

/// Removes text that the model itself finds improbable.
struct DoubtGate: Sendable, Hashable {
    /// From this probability on a window holds no speech, if its text is unlikely as well; as in OpenAI's `whisper`.
    var noSpeech = 0.6

    /// Below this mean logarithm of the tokens' probabilities a text is unlikely.
    var unlikely = -1.0

    /// Below this one it is as good as random, and is removed unless voice activity found speech.
    var random = -1.6

    /// Seconds of voice activity from which on a block certainly holds speech.
    var speech = 1.0

    /// The reason to remove a segment; nil to keep it.
    ///
    /// - Parameter speech: The seconds of speech found in its block; nil if voice activity is off.
    func reason(for segment: Segment, speech: Double?) -> RemovalReason? {
        guard let mean = segment.averageLogProbability, mean < unlikely else { return nil }
        if let probability = segment.noSpeechProbability, probability > noSpeech { return .noSpeech }
        guard mean < random else { return nil }
        return (speech ?? 0) < self.speech ? .lowProbability : nil
    }

    /// Whether there is any reason to doubt that a segment was said.
    func doubts(_ segment: Segment, speech: Double?) -> Bool {
        if (segment.averageLogProbability ?? 0) < unlikely / 2 { return true }
        if (segment.noSpeechProbability ?? 0) > noSpeech / 2 { return true }
        if (segment.compressionRatio ?? 0) > CompressionRatio.threshold { return true }
        return speech.map { $0 < self.speech } ?? true
    }
}
