import Transcripts

/// How probable each language is in a stretch of sound, and that it holds no speech at all.
package struct LanguageProbabilities: Sendable, Hashable {
    /// The probability, 0 to 1, of each language by its code; their sum is 1.
    package var values: [String: Double]

    /// The probability, 0 to 1, of no speech.
    package var noSpeech: Double

    package init(values: [String: Double], noSpeech: Double) {
        self.values = values
        self.noSpeech = noSpeech
    }

    /// The likeliest of some languages, with its probability among them alone; of all languages if there are none.
    ///
    /// Nil if the model knows none of them. Equal probabilities are ordered by code, so that the result is always the same.
    package func best(among allowed: [Language]) -> DetectedLanguage? {
        best(amongCodes: allowed.map(\.code))
    }

    func best(amongCodes codes: [String]) -> DetectedLanguage? {
        let candidates = codes.isEmpty ? values : values.filter { codes.contains($0.key) }
        // In a fixed order, because sums of the same numbers differ in their last digits.
        let total = candidates.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
        guard let best = candidates.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return nil }
        // Where all are next to impossible, none is likelier than the others.
        let probability = total > 1e-9 ? best.value / total : 1 / Double(candidates.count)
        return DetectedLanguage(code: best.key, probability: probability)
    }
}
