import Transcripts

/// The usage that clients expect in an answer.
enum OpenAIUsage: Encodable, Sendable {
    /// The length of the recording.
    case duration(Timestamp)
    /// Tokens of sound, ten per second as OpenAI counts them, and of text, about four bytes each.
    case tokens(audio: Int, prompt: Int, output: Int)

    /// The tokens of a transcript, its recording and its prompt.
    init(of text: String, duration: Timestamp, prompt: String?) {
        self = .tokens(
            audio: (duration.milliseconds + 99) / 100,
            prompt: Self.tokens(in: prompt ?? ""),
            output: Self.tokens(in: text)
        )
    }

    private static func tokens(in text: String) -> Int { (text.utf8.count + 3) / 4 }

    private enum CodingKeys: CodingKey {
        case type, seconds, inputTokens, outputTokens, totalTokens, inputTokenDetails, audioTokens, textTokens
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .duration(let duration):
            try fields.encode("duration", forKey: .type)
            try fields.encode(duration.seconds, forKey: .seconds)
        case .tokens(let audio, let prompt, let output):
            try fields.encode("tokens", forKey: .type)
            try fields.encode(audio + prompt, forKey: .inputTokens)
            try fields.encode(output, forKey: .outputTokens)
            try fields.encode(audio + prompt + output, forKey: .totalTokens)
            var details = fields.nestedContainer(keyedBy: CodingKeys.self, forKey: .inputTokenDetails)
            try details.encode(audio, forKey: .audioTokens)
            try details.encode(prompt, forKey: .textTokens)
        }
    }
}
