import Foundation
import Transcripts

/// How speech is to be told from silence: "auto", or OpenAI's `server_vad` with its measures, as JSON or as fields `chunking_strategy[…]`.
struct ChunkingStrategy: Decodable {
    private let type: String
    private var threshold: Double?
    private var prefixPaddingMs: Double?
    private var silenceDurationMs: Double?

    /// - Throws: `APIError` where it is neither; nil where none is given.
    init?(_ values: OptionValues) throws {
        if let text = values["chunking_strategy"] {
            guard let strategy = text == "auto" ? Self(type: text) : try? JSONDecoder.api.decode(Self.self, from: Data(text.utf8)) else {
                throw Self.refusal
            }
            self = strategy
        } else if let type = values["chunking_strategy[type]"] {
            self.init(type: type)
            threshold = try values.number("chunking_strategy[threshold]", in: 0...1)
            prefixPaddingMs = try values.number("chunking_strategy[prefix_padding_ms]", in: 0...60_000)
            silenceDurationMs = try values.number("chunking_strategy[silence_duration_ms]", in: 0...60_000)
        } else {
            return nil
        }
        guard ["auto", "server_vad"].contains(type) else { throw Self.refusal }
    }

    private init(type: String) {
        self.type = type
    }

    /// The same in our own measures; what goes beyond them is brought back to the nearest that there is.
    var options: VoiceActivityOptions {
        var options = VoiceActivityOptions()
        if let threshold { options.threshold = min(max(threshold, 0.05), 0.95) }
        if let prefixPaddingMs { options.margin = min(max(prefixPaddingMs / 1000, 0), 2) }
        if let silenceDurationMs { options.minimumSilence = min(max(silenceDurationMs / 1000, 0.05), 10) }
        return options
    }

    private static let refusal = APIError.badOption(
        "chunking_strategy",
        code: "invalid_chunking_strategy",
        """
        “chunking_strategy” is “auto” or {"type": "server_vad"} with “threshold” (0 to 1), “prefix_padding_ms” and “silence_duration_ms”.
        """
    )
}
