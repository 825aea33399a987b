import Foundation
import Transcripts

/// A token and how sure the model is of it. A token is a word here, with the space before it, because that is what is stored.
struct OpenAILogprob: Encodable, Sendable, Equatable {
    let token: String
    /// The logarithm of the probability, 0 being certain.
    let logprob: Double
    /// The token in UTF-8.
    let bytes: [UInt8]

    init(token: String, logprob: Double) {
        self.token = token
        self.logprob = logprob
        bytes = Array(token.utf8)
    }

    /// The tokens of a segment; joined, they are exactly `text`.
    ///
    /// - Parameter text: The segment's text with what stands before it.
    static func tokens(of segment: Segment, text: String) -> [OpenAILogprob] {
        var tokens: [OpenAILogprob] = []
        var rest = text[...]
        for word in segment.words ?? [] {
            guard let place = rest.firstRange(of: word.text) else { continue }
            tokens.append(OpenAILogprob(token: String(rest[..<place.upperBound]), logprob: logarithm(of: word.probability)))
            rest = rest[place.upperBound...]
        }
        guard !rest.isEmpty else { return tokens }
        // Without words the segment is one token; what is left after the last word belongs to that.
        let last = tokens.popLast()
        let logprob = last?.logprob ?? segment.averageLogProbability.flatMap { $0.isFinite ? $0 : nil } ?? 0
        return tokens + [OpenAILogprob(token: (last?.token ?? "") + rest, logprob: logprob)]
    }

    /// Probabilities are stored with four digits, and JSON has no infinity.
    private static func logarithm(of probability: Double) -> Double {
        log(min(max(probability, 0.00005), 1))
    }
}
