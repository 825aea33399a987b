import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// The options of a transcription, from the query or what came with the upload; the query counts more. An empty value means "not given".
struct TranscriptionForm: Sendable {
    let request: TranscriptionRequest
    /// How long the client wants to wait for the end.
    let wait: Duration?
    /// Whether to transcribe also what was transcribed in the same way before.
    let wantsDuplicate: Bool

    static let longestWait = 3600
    static let longestPrompt = 4000

    /// - Parameter base: What counts where nothing is given; nil for the defaults.
    /// - Throws: `APIError` or `ModelLibraryError`, which name the option that is wrong and say what it may be.
    init(query: Parameters, fields: UploadFields, models: ModelLibrary, base: TranscriptionRequest? = nil) throws {
        let values = OptionValues(query: query, fields: fields)
        let model = try models.choice(named: values["model"] ?? base?.model)
        var options = base?.options ?? TranscriptionOptions()
        if values["language"] != nil { options.language = try Self.spokenLanguage(values) }
        if let languages = values["allowed_languages"] {
            options.allowedLanguages = try languages.split(separator: ",").map { try Self.language(String($0)) }
        }
        options.switchesLanguage = try values.flag("switch_languages") ?? options.switchesLanguage
        options.translate = try values["task"].map(Self.isTranslation) ?? options.translate
        options.prompt = Self.prompt(values["prompt"], vocabulary: values["vocabulary"]) ?? options.prompt
        options.temperature = try values.number("temperature", in: 0...1) ?? options.temperature
        options.fallsBack = try values.flag("temperature_fallback") ?? options.fallsBack
        options.beamSize = try values.integer("beam_size", in: 1...8) ?? options.beamSize
        options.wordTimes = try values.flag("word_timestamps") ?? options.wordTimes
        options.voiceActivity = try Self.voiceActivity(values, instead: options.voiceActivity)
        let channels = try values.choice("channels", ["mix", "separate"])
        options.separatesChannels = channels.map { $0 == "separate" } ?? options.separatesChannels
        options.start = try values.time("start") ?? options.start
        options.end = try values.time("end") ?? options.end
        if let start = options.start, let end = options.end, start >= end {
            throw APIError(status: .badRequest, code: "invalid_range", detail: "“start” must come before “end”.")
        }
        for name in ["enable_llm_enhancement", "enable_tashkeel"] where try values.flag(name) == true {
            throw APIError.enhancementUnavailable
        }
        try model.check(options)
        request = TranscriptionRequest(model: model.name, options: options)
        wantsDuplicate = try values.flag("duplicate") ?? false
        wait = try values.integer("wait", in: 0...Self.longestWait).map { .seconds($0) }
    }

    /// The language that is named; nil for one to be found out.
    static func spokenLanguage(_ values: OptionValues) throws -> Language? {
        try values["language"].flatMap { $0.lowercased() == "auto" ? nil : try language($0) }
    }

    /// A language by its code or name.
    static func language(_ text: String) throws -> Language {
        guard let language = Language(code: text) else {
            throw APIError(
                status: .badRequest,
                code: "unknown_language",
                detail: "“\(text.prefix(20))” is not a language the models know. Use a code such as “en” or “de”, or “auto”.",
                parameter: "language"
            )
        }
        return language
    }

    /// Whether a task is the translation into English.
    static func isTranslation(_ task: String) throws -> Bool {
        switch task.lowercased() {
        case "transcribe": return false
        case "translate": return true
        default: throw APIError(status: .badRequest, code: "unknown_task", detail: "“task” is “transcribe” or “translate”.")
        }
    }

    /// A prompt that also holds the vocabulary, a comma between its words, as the models have seen lists in writing.
    static func prompt(_ prompt: String?, vocabulary: String?) -> String? {
        let words = vocabulary?.split { $0 == "," || $0.isNewline }.map { $0.trimmingPrefix(while: \.isWhitespace) }.filter { !$0.isEmpty }
        let list = words.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") + "." }
        let text = [prompt, list].compactMap(\.self).joined(separator: " ")
        return text.isEmpty ? nil : String(text.prefix(longestPrompt))
    }

    /// `vad_filter` is what the old system called it.
    private static func voiceActivity(_ values: OptionValues, instead base: VoiceActivityOptions?) throws -> VoiceActivityOptions? {
        guard try values.flag("vad") ?? values.flag("vad_filter") ?? (base != nil) else { return nil }
        var options = base ?? VoiceActivityOptions()
        options.threshold = try values.number("vad_threshold", in: 0.05...0.95) ?? options.threshold
        options.minimumSilence = try values.number("vad_min_silence", in: 0.05...10) ?? options.minimumSilence
        options.minimumSpeech = try values.number("vad_min_speech", in: 0...5) ?? options.minimumSpeech
        options.margin = try values.number("vad_margin", in: 0...2) ?? options.margin
        return options
    }
}
