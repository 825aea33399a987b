import Transcripts

/// Keeps text from being heard where there is nothing to hear.
struct SilenceGate: Sendable, Hashable {
    /// Sound that is never louder, in decibels, is taken for silence: the noise of a 16-bit recording with nothing in it is at -90.
    var faintest = -70.0

    /// Sound that is never within so many decibels of the block's loudest is taken for one of its pauses.
    var farthest = 50.0

    /// How far a segment's speech may lie outside its times, in milliseconds.
    var margin = 200

    /// Sound whose level swings by fewer decibels is hum or hiss: nobody speaks as evenly.
    var evenest = 3.0

    /// The shortest stretch, in milliseconds, that is judged by its swing; a vowel may be as even.
    var shortest = 1000

    /// Whether there is nothing in the whole block, or nothing but hum or hiss.
    func isSilent(_ loudness: Loudness) -> Bool {
        if loudness.highest < faintest { return true }
        return loudness.levels.count * Loudness.step >= shortest && loudness.swing() < evenest
    }

    /// The reason to take out a segment between two times in milliseconds; nil if there may be speech in it.
    func reason(from start: Int, to end: Int, in loudness: Loudness) -> RemovalReason? {
        let level = loudness.highest(from: start - margin, to: end + margin)
        if level < max(faintest, loudness.highest - farthest) { return .silence }
        return end - start >= shortest && loudness.swing(from: start - margin, to: end + margin) < evenest ? .silence : nil
    }
}
