import Foundation
import Transcripts

/// A token and its log probability. A token is a word with the space before it, because words are stored and the model's tokens are not.
struct OpenAILogprob: Encodable, Sendable, Equatable {
    let token: String
    /// The logarithm of the probability; 0 is certain.
    let logprob: Double
    let bytes: [UInt8]

    init(token: String, logprob: Double) {
        self.token = token
        self.logprob = logprob
        bytes = Array(token.utf8)
    }

    /// The tokens of a segment; joined, they give `text`.
    ///
    /// - Parameter text: The segment's text with the separator before it.
    static func tokens(of segment: Segment, text: String) -> [OpenAILogprob] {
        var tokens: [OpenAILogprob] = []
        var rest = text[...]
        for word in segment.words ?? [] {
            guard let place = rest.firstRange(of: word.text) else { continue }
            tokens.append(OpenAILogprob(token: String(rest[..<place.upperBound]), logprob: logarithm(of: word.probability)))
            rest = rest[place.upperBound...]
        }
        guard !rest.isEmpty else { return tokens }
        // Text after the last word belongs to that word's token; without words, the segment is one token.
        let last = tokens.popLast()
        let logprob = last?.logprob ?? segment.averageLogProbability.flatMap { $0.isFinite ? $0 : nil } ?? 0
        return tokens + [OpenAILogprob(token: (last?.token ?? "") + rest, logprob: logprob)]
    }

    /// At least that of the smallest stored probability, because probabilities have four decimals and JSON has no infinity.
    private static func logarithm(of probability: Double) -> Double {
        log(min(max(probability, 0.00005), 1))
    }
}
