import Archive
import HTTPTypes
import ModelLibrary
import Transcripts

/// The form of OpenAI's audio API. Unknown fields are ignored, as OpenAI ignores them.
struct OpenAIForm: Sendable {
    let model: OpenAIModel
    let request: TranscriptionRequest
    let format: OpenAIFormat
    /// Whether the answer is a stream of events.
    let streams: Bool
    let wantsLogprobs: Bool
    /// The parts of `verbose_json`.
    let wantsSegments, wantsWords: Bool
    /// The names of the speakers in the order of their channels.
    let speakerNames: [String]

    private static let mostSpeakers = 4

    /// - Throws: `APIError`, `ModelLibraryError` or `UnsupportedOption`, which name the wrong option.
    init(_ fields: UploadFields, isTranslation: Bool, models: ModelLibrary) throws {
        let values = OptionValues(fields: fields)
        guard let name = values["model"] else {
            throw APIError.badRequest("missing_model", "You must provide a model.", parameter: "model")
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
        options.prompt = TranscriptionOptionsReader.prompt(values["prompt"], vocabulary: values.list("keywords").joined(separator: ","))
        if options.prompt != nil, !model.takesPrompt { throw APIError.unsupported("prompt", by: model) }
        options.temperature = try values.number("temperature", in: 0...1) ?? options.temperature
        options.language = try values.language()
        options.allowedLanguages = try values.list("languages").map(Language.named)
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
            // A missing default model is not the client's error.
            if let name = model.localName { throw APIError.modelNotFound(name) }
            throw error
        }
    }

    private static func format(_ values: OptionValues, of model: OpenAIModel, isTranslation: Bool) throws -> OpenAIFormat {
        let name = try values.choice("response_format", OpenAIFormat.allCases.map(\.rawValue))
        let format = name.flatMap(OpenAIFormat.init(rawValue:)) ?? .json
        let possible = model.formats.filter { !isTranslation || $0 != .diarizedJSON }
        guard possible.contains(format) else {
            throw APIError.badRequest(
                "unsupported_value",
                """
                response_format '\(format.rawValue)' is not compatible with model '\(model.name)'. \
                Use \(possible.map { "'\($0.rawValue)'" }.joined(separator: " or ")) instead.
                """,
                parameter: "response_format"
            )
        }
        return format
    }

    private static func granularities(_ values: OptionValues, format: OpenAIFormat) throws -> (segments: Bool, words: Bool) {
        let wanted = values.list("timestamp_granularities")
        guard wanted.allSatisfy({ ["segment", "word"].contains($0) }) else {
            throw APIError.badRequest(
                "invalid_timestamp_granularities",
                "“timestamp_granularities” may have “segment” and “word” only.",
                parameter: "timestamp_granularities"
            )
        }
        guard wanted.isEmpty || format == .verboseJSON else {
            throw APIError.badRequest(
                "unsupported_value",
                "“timestamp_granularities” needs response_format “verbose_json”.",
                parameter: "timestamp_granularities"
            )
        }
        return (wanted.isEmpty || wanted.contains("segment"), wanted.contains("word"))
    }

    private static func logprobs(_ values: OptionValues, of model: OpenAIModel, format: OpenAIFormat) throws -> Bool {
        let wanted = values.list("include")
        guard wanted.allSatisfy({ $0 == "logprobs" }) else {
            throw APIError.badRequest("invalid_include", "“include” may have “logprobs” only.", parameter: "include")
        }
        guard !wanted.isEmpty else { return false }
        guard model.givesLogprobs else { throw APIError.unsupported("include", by: model) }
        guard format == .json else {
            throw APIError.badRequest("unsupported_value", "“logprobs” needs response_format “json”.", parameter: "include")
        }
        return true
    }

    private static func speakerNames(_ values: OptionValues) throws -> [String] {
        guard values.list("known_speaker_references").isEmpty else {
            throw APIError.badRequest(
                "unsupported_parameter",
                """
                Earshot distinguishes speakers by their channels, not by their voices, so it cannot use samples of voices. \
                Leave them out: “known_speaker_names” alone names the channels in their order.
                """,
                parameter: "known_speaker_references"
            )
        }
        let names = values.list("known_speaker_names")
        guard names.count <= mostSpeakers else {
            throw APIError.badRequest(
                "invalid_known_speaker_names",
                "“known_speaker_names” may have at most \(mostSpeakers) names.",
                parameter: "known_speaker_names"
            )
        }
        return names.map { String($0.prefix(64)) }
    }
}

extension APIError {
    /// OpenAI's answer to an unknown model.
    static func modelNotFound(_ name: String) -> APIError {
        APIError(status: .notFound, code: "model_not_found", detail: "The model '\(name.prefix(100))' does not exist", parameter: "model")
    }

    fileprivate static func unsupported(_ parameter: String, by model: OpenAIModel) -> APIError {
        badRequest("unsupported_parameter", "“\(parameter)” is not supported by model '\(model.name)'.", parameter: parameter)
    }
}
