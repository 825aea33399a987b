import Transcripts

/// Removes text where the sound is silent or too even to be speech.
struct SilenceGate: Sendable, Hashable {
    /// Sound that is never louder, in decibels, is silence: the noise of an empty 16-bit recording is at -90.
    var faintest = -70.0

    /// Sound that stays this many decibels below the block's loudest is a pause.
    var farthest = 50.0

    /// How far a segment's speech may be outside its times, in milliseconds.
    var margin = 200

    /// Sound whose level swings by fewer decibels is hum or hiss: speech is less even.
    var evenest = 3.0

    /// The shortest stretch, in milliseconds, that is judged by its swing; a vowel may be as even.
    var shortest = 1000

    /// Whether the whole block is silence, hum or hiss.
    func isSilent(_ loudness: Loudness) -> Bool {
        if loudness.highest < faintest { return true }
        return loudness.levels.count * Loudness.step >= shortest && loudness.swing() < evenest
    }

    /// The reason to remove a segment between two times in milliseconds; nil if it may hold speech.
    func reason(from start: Int, to end: Int, in loudness: Loudness) -> RemovalReason? {
        let level = loudness.highest(from: start - margin, to: end + margin)
        if level < max(faintest, loudness.highest - farthest) { return .silence }
        return end - start >= shortest && loudness.swing(from: start - margin, to: end + margin) < evenest ? .silence : nil
    }
}
