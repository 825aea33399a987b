/// The options that OpenAI's API allows for a model, by the model's name; a model of this server allows all of them.
struct OpenAIModel: Sendable, Equatable {
    private enum Family {
        case whisper, transcribe, detailedTranscribe, diarize, local
    }

    /// The client's name of the model.
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

    /// The model of this server; nil for the default model, which answers to OpenAI's names.
    var localName: String? { family == .local ? name : nil }

    /// The possible formats of an answer.
    var formats: [OpenAIFormat] {
        switch family {
        case .whisper: [.json, .text, .srt, .verboseJSON, .vtt]
        case .transcribe, .detailedTranscribe: [.json, .text]
        case .diarize: [.json, .text, .diarizedJSON]
        case .local: OpenAIFormat.allCases
        }
    }

    /// Whether each channel is a speaker.
    var separatesSpeakers: Bool { family == .diarize }

    /// Whether the answer can be streamed; otherwise `stream` is ignored.
    var streams: Bool { family != .whisper }

    /// Whether `logprobs` can be requested.
    var givesLogprobs: Bool { family == .detailedTranscribe || family == .local }

    /// Whether a prompt is allowed.
    var takesPrompt: Bool { family != .diarize }

    /// Whether the answer names the spoken languages.
    var namesLanguages: Bool { family == .transcribe }

    /// Whether usage is counted in tokens instead of seconds.
    var countsTokens: Bool { family == .transcribe || family == .detailedTranscribe || family == .diarize }
}

/// The format of an answer.
enum OpenAIFormat: String, Sendable, CaseIterable {
    case json, text, srt
    case verboseJSON = "verbose_json"
    case vtt
    case diarizedJSON = "diarized_json"

    /// Whether it can be streamed.
    var canStream: Bool {
        switch self {
        case .json, .text, .diarizedJSON: true
        case .srt, .verboseJSON, .vtt: false
        }
    }
}
