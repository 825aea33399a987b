import Archive
import HTTPTypes
import ModelLibrary
import Transcripts

/// What a client of OpenAI's audio API asks for. Fields that the API doesn't know are overheard, as it overhears them.
struct OpenAIForm: Sendable {
    let model: OpenAIModel
    let request: TranscriptionRequest
    let format: OpenAIFormat
    /// Whether the answer is told while it grows.
    let streams: Bool
    let wantsLogprobs: Bool
    /// Whether `verbose_json` is to have segments, and words.
    let wantsSegments, wantsWords: Bool
    /// What to call the speakers of the channels, in their order.
    let speakerNames: [String]

    private static let mostSpeakers = 4

    /// - Throws: `APIError`, `ModelLibraryError` or `UnsupportedOption`, which name what is wrong.
    init(_ fields: UploadFields, isTranslation: Bool, models: ModelLibrary) throws {
        let values = OptionValues(fields: fields)
        guard let name = values["model"] else {
            throw APIError.badOption("model", code: "missing_model", "You must provide a model.")
        }
        let model = OpenAIModel(named: name)
        let choice = try Self.choice(of: model, in: models)
        let format = try Self.format(values, of: model, isTranslation: isTranslation)
        (wantsSegments, wantsWords) = try Self.granularities(values, format: format)
        wantsLogprobs = try !isTranslation && Self.logprobs(values, of: model, format: format)
        streams = try !isTranslation && values.flag("stream") == true && model.streams && format.canStream
        speakerNames = try Self.speakerNames(values)

        var options = TranscriptionOptions()
        options.translate = isTranslation
        options.prompt = TranscriptionForm.prompt(values["prompt"], vocabulary: values.list("keywords").joined(separator: ","))
        if options.prompt != nil, !model.takesPrompt { throw APIError.unsupported("prompt", by: model) }
        options.temperature = try values.number("temperature", in: 0...1) ?? options.temperature
        options.language = try TranscriptionForm.spokenLanguage(values)
        options.allowedLanguages = try values.list("languages").map(TranscriptionForm.language)
        if options.language == nil, options.allowedLanguages.count == 1 { options.language = options.allowedLanguages.removeFirst() }
        options.wordTimes = wantsWords || wantsLogprobs
        options.separatesChannels = model.separatesSpeakers || format == .diarizedJSON
        options.voiceActivity = try ChunkingStrategy(values)?.options ?? options.voiceActivity
        try choice.check(options)
        request = TranscriptionRequest(model: choice.name, options: options)
        (self.model, self.format) = (model, format)
    }

    private static func choice(of model: OpenAIModel, in models: ModelLibrary) throws -> ModelChoice {
        do {
            return try models.choice(named: model.localName)
        } catch {
            // That the operator's default is not here is not the client's mistake.
            if let name = model.localName { throw APIError.modelNotFound(name) }
            throw error
        }
    }

    private static func format(_ values: OptionValues, of model: OpenAIModel, isTranslation: Bool) throws -> OpenAIFormat {
        let name = try values.choice("response_format", OpenAIFormat.allCases.map(\.rawValue))
        let format = name.flatMap(OpenAIFormat.init(rawValue:)) ?? .json
        let possible = model.formats.filter { !isTranslation || $0 != .diarizedJSON }
        guard possible.contains(format) else {
            throw APIError.badOption(
                "response_format",
                code: "unsupported_value",
                """
                response_format '\(format.rawValue)' is not compatible with model '\(model.name)'. \
                Use \(possible.map { "'\($0.rawValue)'" }.joined(separator: " or ")) instead.
                """
            )
        }
        return format
    }

    private static func granularities(_ values: OptionValues, format: OpenAIFormat) throws -> (segments: Bool, words: Bool) {
        let wanted = values.list("timestamp_granularities")
        guard wanted.allSatisfy({ ["segment", "word"].contains($0) }) else {
            throw APIError.badOption(
                "timestamp_granularities",
                code: "invalid_timestamp_granularities",
                "“timestamp_granularities” has one or both of “segment” and “word”."
            )
        }
        guard wanted.isEmpty || format == .verboseJSON else {
            throw APIError.badOption(
                "timestamp_granularities",
                code: "unsupported_value",
                "“timestamp_granularities” can only be had with response_format “verbose_json”."
            )
        }
        return (wanted.isEmpty || wanted.contains("segment"), wanted.contains("word"))
    }

    private static func logprobs(_ values: OptionValues, of model: OpenAIModel, format: OpenAIFormat) throws -> Bool {
        let wanted = values.list("include")
        guard wanted.allSatisfy({ $0 == "logprobs" }) else {
            throw APIError.badOption("include", code: "invalid_include", "“include” may have “logprobs”.")
        }
        guard !wanted.isEmpty else { return false }
        guard model.givesLogprobs else { throw APIError.unsupported("include", by: model) }
        guard format == .json else {
            throw APIError.badOption(
                "include",
                code: "unsupported_value",
                "“logprobs” can only be had with response_format “json”."
            )
        }
        return true
    }

    private static func speakerNames(_ values: OptionValues) throws -> [String] {
        guard values.list("known_speaker_references").isEmpty else {
            throw APIError.badOption(
                "known_speaker_references",
                code: "unsupported_parameter",
                """
                Earshot tells speakers apart by their channels, not by their voices, and has no use for samples of these. \
                “known_speaker_names” alone name the channels in their order.
                """
            )
        }
        let names = values.list("known_speaker_names")
        guard names.count <= mostSpeakers else {
            throw APIError.badOption(
                "known_speaker_names",
                code: "invalid_known_speaker_names",
                "“known_speaker_names” has up to \(mostSpeakers) names."
            )
        }
        return names.map { String($0.prefix(64)) }
    }
}

extension APIError {
    /// OpenAI's answer to the name of a model that there is not.
    static func modelNotFound(_ name: String) -> APIError {
        APIError(status: .notFound, code: "model_not_found", detail: "The model '\(name.prefix(100))' does not exist", parameter: "model")
    }

    fileprivate static func unsupported(_ parameter: String, by model: OpenAIModel) -> APIError {
        badOption(parameter, code: "unsupported_parameter", "“\(parameter)” is not supported by model '\(model.name)'.")
    }
}
