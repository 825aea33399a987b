import Transcripts

/// The vote of several blocks on the one language of a recording.
///
/// A block's weight is its seconds of speech times the probability that it holds speech at all, so that music at the beginning does not
/// outvote the speech that follows.
package struct LanguageVote: Sendable {
    private let allowed: [Language]
    private let certainty: Double
    private let blocks: Int

    private var sums: [String: Double] = [:]
    private var silence = 0.0
    private var weight = 0.0
    private var count = 0

    /// - Parameters:
    ///   - allowed: The languages to choose from; empty for all.
    ///   - certainty: The probability, 0 to 1, at which the language is decided.
    ///   - blocks: The number of votes after which it is decided anyway.
    package init(allowed: [Language] = [], certainty: Double = 0.7, blocks: Int = 4) {
        self.allowed = allowed
        self.certainty = certainty
        self.blocks = max(1, blocks)
    }

    /// Adds the vote of a block with this many seconds of speech.
    package mutating func add(_ probabilities: LanguageProbabilities, speech seconds: Double) {
        let share = max(0.001, seconds) * max(0.01, 1 - probabilities.noSpeech)
        for (code, value) in probabilities.values { sums[code, default: 0] += share * value }
        silence += share * probabilities.noSpeech
        weight += share
        count += 1
    }

    /// The language, once it is certain or all blocks have voted; nil before.
    package var decision: DetectedLanguage? {
        guard let best, best.reaches(certainty) || count >= blocks else { return nil }
        return best
    }

    /// The likeliest language so far, for a recording that ends before a decision; nil before the first vote.
    package var best: DetectedLanguage? {
        guard weight > 0 else { return nil }
        let means = LanguageProbabilities(values: sums.mapValues { $0 / weight }, noSpeech: silence / weight)
        return means.best(among: allowed)
    }
}
