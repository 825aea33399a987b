/// What OpenAI's API lets a client ask of a model, by the model's name; a model of this server may be asked for everything.
struct OpenAIModel: Sendable, Equatable {
    private enum Family {
        case whisper, transcribe, detailedTranscribe, diarize, local
    }

    /// The name as the client gave it.
    let name: String
    private let family: Family

    init(named name: String) {
        self.name = name
        // A date after the name is a version: "gpt-4o-mini-transcribe-2025-12-15".
        family =
            switch name.lowercased().replacing(/-\d{4}-\d{2}-\d{2}$/, with: "") {
            case "whisper-1": .whisper
            case "gpt-transcribe": .transcribe
            case "gpt-4o-transcribe", "gpt-4o-mini-transcribe": .detailedTranscribe
            case "gpt-4o-transcribe-diarize": .diarize
            default: .local
            }
    }

    /// The model of this server that is meant; nil for the default, for which OpenAI's own names stand.
    var localName: String? { family == .local ? name : nil }

    /// What an answer may look like.
    var formats: [OpenAIFormat] {
        switch family {
        case .whisper: [.json, .text, .srt, .verboseJSON, .vtt]
        case .transcribe, .detailedTranscribe: [.json, .text]
        case .diarize: [.json, .text, .diarizedJSON]
        case .local: OpenAIFormat.allCases
        }
    }

    /// Whether each channel is a speaker of its own.
    var separatesSpeakers: Bool { family == .diarize }

    /// Whether a client may have the answer while it grows; for the others the wish is overheard.
    var streams: Bool { family != .whisper }

    /// Whether the probabilities of words may be asked for.
    var givesLogprobs: Bool { family == .detailedTranscribe || family == .local }

    /// Whether a prompt is heeded.
    var takesPrompt: Bool { family != .diarize }

    /// Whether the languages that were heard are told.
    var tellsLanguages: Bool { family == .transcribe }

    /// Whether use is counted in tokens; seconds otherwise.
    var countsTokens: Bool { family == .transcribe || family == .detailedTranscribe || family == .diarize }
}

/// The shape of an answer.
enum OpenAIFormat: String, Sendable, CaseIterable {
    case json, text, srt
    case verboseJSON = "verbose_json"
    case vtt
    case diarizedJSON = "diarized_json"

    /// Whether it can be had while it grows.
    var canStream: Bool {
        switch self {
        case .json, .text, .diarizedJSON: true
        case .srt, .verboseJSON, .vtt: false
        }
    }
}
