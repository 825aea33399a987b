/// A token as the decoder emitted it: a word or a part of one.
struct DecodedToken: Sendable, Hashable {
    /// The whole characters that the token completes; empty where it ends within its first.
    var text: String

    /// The probability, 0 to 1, that the decoder gave the token.
    var probability: Double

    /// The logarithm of the probability.
    var logProbability: Double

    /// When the decoder began to attend to the token's sound, in milliseconds from the block's start; nil if attention is not used.
    var attended: Int?
}

/// A segment as the engine decoded it, timed in milliseconds from the block's start.
struct DecodedSegment: Sendable, Hashable {
    var start: Int
    var end: Int
    var tokens: [DecodedToken]

    /// The number of the window that it was decoded in.
    var window = 0

    /// The tokens' text.
    var text: String { tokens.map(\.text).joined() }

    /// The mean of the tokens' logarithms; nil without tokens.
    var averageLogProbability: Double? {
        tokens.isEmpty ? nil : tokens.reduce(0) { $0 + $1.logProbability } / Double(tokens.count)
    }
}
