import Transcripts

/// Finds the one language of a recording from several of its windows.
///
/// Each window counts by its seconds of sound and by how likely it is that somebody speaks in it at all, so that music at the beginning
/// does not outvote the speech that follows.
package struct LanguageVote: Sendable {
    private let allowed: [Language]
    private let certainty: Double
    private let windows: Int

    private var sums: [String: Double] = [:]
    private var silence = 0.0
    private var weight = 0.0
    private var count = 0

    /// A vote without votes yet.
    ///
    /// - Parameters:
    ///   - allowed: The languages to choose from; empty for all.
    ///   - certainty: The probability, 0 to 1, from which on one window more is not waited for.
    ///   - windows: The number of windows after which the decision is taken anyway.
    package init(allowed: [Language] = [], certainty: Double = 0.7, windows: Int = 4) {
        self.allowed = allowed
        self.certainty = certainty
        self.windows = max(1, windows)
    }

    /// Adds what was found in one window of so many seconds.
    package mutating func add(_ probabilities: LanguageProbabilities, seconds: Double) {
        let share = max(0.001, seconds) * max(0.01, 1 - probabilities.noSpeech)
        for (code, value) in probabilities.values { sums[code, default: 0] += share * value }
        silence += share * probabilities.noSpeech
        weight += share
        count += 1
    }

    /// The language, as soon as it is certain or all windows have voted; nil before.
    package var decision: SpokenLanguage? {
        guard let best, best.probability >= certainty || count >= windows else { return nil }
        return best
    }

    /// The likeliest language so far, to be taken where the recording ends before a decision; nil before the first vote.
    package var best: SpokenLanguage? {
        guard weight > 0 else { return nil }
        let means = LanguageProbabilities(values: sums.mapValues { $0 / weight }, noSpeech: silence / weight)
        return means.best(among: allowed)
    }
}
