import Foundation
import Transcripts

/// OpenAI's options for voice activity: "auto", or `server_vad` with its parameters, as JSON or as fields `chunking_strategy[…]`.
struct ChunkingStrategy: Decodable {
    private let type: String
    private var threshold: Double?
    private var prefixPaddingMs: Double?
    private var silenceDurationMs: Double?

    /// - Returns: Nil if no strategy is given.
    /// - Throws: `APIError` if the strategy is invalid.
    init?(_ values: OptionValues) throws {
        if let text = values["chunking_strategy"] {
            guard let strategy = text == "auto" ? Self(type: text) : try? JSONDecoder.api.decode(Self.self, from: Data(text.utf8)) else {
                throw Self.invalid
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
        guard ["auto", "server_vad"].contains(type) else { throw Self.invalid }
    }

    private init(type: String) {
        self.type = type
    }

    /// Earshot's options for it; values outside their ranges are clamped.
    var options: VoiceActivityOptions {
        var options = VoiceActivityOptions()
        if let threshold { options.threshold = min(max(threshold, 0.05), 0.95) }
        if let prefixPaddingMs { options.margin = min(max(prefixPaddingMs / 1000, 0), 2) }
        if let silenceDurationMs { options.minimumSilence = min(max(silenceDurationMs / 1000, 0.05), 10) }
        return options
    }

    private static let invalid = APIError.badRequest(
        "invalid_chunking_strategy",
        """
        “chunking_strategy” must be “auto”, or {"type": "server_vad"} with “threshold” (0 to 1), “prefix_padding_ms” and \
        “silence_duration_ms”.
        """,
        parameter: "chunking_strategy"
    )
}
