import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// Reads the options of a transcription from the query and from the fields that came with the file; the query takes precedence.
struct TranscriptionOptionsReader: Sendable {
    let request: TranscriptionRequest
    /// How long the client wants to wait for the transcript.
    let wait: Duration?
    /// Whether to transcribe even if an identical transcription exists.
    let wantsDuplicate: Bool

    private static let longestWait = 3600
    private static let longestPrompt = 4000

    /// - Parameter base: The values of options that are not given; nil for the defaults.
    /// - Throws: `APIError`, `ModelLibraryError` or `UnsupportedOption`, which name the wrong option and its possible values.
    init(query: Parameters, fields: UploadFields = [:], models: ModelLibrary, base: TranscriptionRequest? = nil) throws {
        let values = OptionValues(query: query, fields: fields)
        let model = try models.choice(named: values["model"] ?? base?.model)
        var options = base?.options ?? TranscriptionOptions()
        if values["language"] != nil { options.language = try values.language() }
        if let languages = values["allowed_languages"] {
            options.allowedLanguages = try languages.split(separator: ",").map { try Language.named(String($0)) }
        }
        options.switchesLanguage = try values.flag("switch_languages") ?? options.switchesLanguage
        options.translate = try values.isTranslation() ?? options.translate
        options.prompt = Self.prompt(values["prompt"], vocabulary: values["vocabulary"]) ?? options.prompt
        options.temperature = try values.number("temperature", in: 0...1) ?? options.temperature
        options.fallsBack = try values.flag("temperature_fallback") ?? options.fallsBack
        options.beamSize = try values.integer("beam_size", in: 1...8) ?? options.beamSize
        options.wordTimes = try values.flag("word_timestamps") ?? options.wordTimes
        options.voiceActivity = try Self.voiceActivity(values, base: options.voiceActivity)
        let channels = try values.choice("channels", ["mix", "separate"])
        options.separatesChannels = channels.map { $0 == "separate" } ?? options.separatesChannels
        options.start = try values.time("start") ?? options.start
        options.end = try values.time("end") ?? options.end
        if let start = options.start, let end = options.end, start >= end {
            throw APIError.badRequest("invalid_range", "“start” must be before “end”.")
        }
        for name in ["enable_llm_enhancement", "enable_tashkeel"] where try values.flag(name) == true {
            throw APIError.enhancementUnavailable
        }
        try model.check(options)
        request = TranscriptionRequest(model: model.name, options: options)
        wantsDuplicate = try values.flag("duplicate") ?? false
        wait = try values.integer("wait", in: 0...Self.longestWait).map { .seconds($0) }
    }

    /// A prompt that contains the vocabulary, separated by commas, as the models know lists from their training.
    static func prompt(_ prompt: String?, vocabulary: String? = nil) -> String? {
        let words = vocabulary?.split { $0 == "," || $0.isNewline }.map { $0.trimmingPrefix(while: \.isWhitespace) }.filter { !$0.isEmpty }
        let list = words.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") + "." }
        let text = [prompt, list].compactMap(\.self).joined(separator: " ")
        return text.isEmpty ? nil : String(text.prefix(longestPrompt))
    }

    /// `vad_filter` is the predecessor's name for `vad`.
    private static func voiceActivity(_ values: OptionValues, base: VoiceActivityOptions?) throws -> VoiceActivityOptions? {
        guard try values.flag("vad") ?? values.flag("vad_filter") ?? (base != nil) else { return nil }
        var options = base ?? VoiceActivityOptions()
        options.threshold = try values.number("vad_threshold", in: 0.05...0.95) ?? options.threshold
        options.minimumSilence = try values.number("vad_min_silence", in: 0.05...10) ?? options.minimumSilence
        options.minimumSpeech = try values.number("vad_min_speech", in: 0...5) ?? options.minimumSpeech
        options.margin = try values.number("vad_margin", in: 0...2) ?? options.margin
        return options
    }
}

extension OptionValues {
    /// The spoken language; nil if it is to be detected.
    func language() throws -> Language? {
        try self["language"].flatMap { $0.lowercased() == "auto" ? nil : try Language.named($0) }
    }

    /// Whether the task is to translate into English; nil if no task is given.
    func isTranslation() throws -> Bool? {
        switch self["task"]?.lowercased() {
        case nil: nil
        case "transcribe": false
        case "translate": true
        default: throw APIError.badRequest("unknown_task", "“task” must be “transcribe” or “translate”.")
        }
    }
}

extension Language {
    /// The language with a code or a name.
    static func named(_ text: String) throws -> Language {
        guard let language = Language(code: text) else {
            throw APIError.badRequest(
                "unknown_language",
                "The models do not know the language “\(text.prefix(20))”. Use a code such as “en” or “de”, or “auto”.",
                parameter: "language"
            )
        }
        return language
    }
}
