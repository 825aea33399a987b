import Archive
import ModelLibrary
import Transcripts

/// The form of whisper.cpp's server. Fields that only tune that server's decoder are ignored.
struct InferenceForm: Sendable {
    enum Format: String, CaseIterable {
        case json, text, srt, vtt
        case verboseJSON = "verbose_json"
    }

    let request: TranscriptionRequest
    let format: Format
    /// Whether segments and words have times.
    let hasTimes: Bool

    /// - Throws: `APIError`, `ModelLibraryError` or `UnsupportedOption`, which name the wrong option.
    init(_ fields: UploadFields, models: ModelLibrary) throws {
        let values = OptionValues(fields: fields)
        let model = try models.choice(named: values["model"])
        format = try values.choice("response_format", Format.allCases.map(\.rawValue)).flatMap(Format.init(rawValue:)) ?? .json
        hasTimes = try values.flag("no_timestamps") != true

        var options = TranscriptionOptions()
        options.language = try values.flag("detect_language") == true ? nil : values.language()
        options.translate = try values.flag("translate") ?? false
        options.prompt = TranscriptionOptionsReader.prompt(values["prompt"])
        options.temperature = try values.number("temperature", in: 0...1) ?? options.temperature
        if try values.number("temperature_inc", in: 0...1) == 0 { options.fallsBack = false }
        // whisper.cpp's -1 means no beams.
        options.beamSize = max(1, try values.integer("beam_size", in: -1...8) ?? options.beamSize)
        options.wordTimes = format == .verboseJSON
        options.separatesChannels = try values.flag("diarize") ?? false
        options.voiceActivity = try Self.voiceActivity(values)
        (options.start, options.end) = try Self.range(values)
        try model.check(options)
        request = TranscriptionRequest(model: model.name, options: options)
    }

    private static func voiceActivity(_ values: OptionValues) throws -> VoiceActivityOptions? {
        if try values.flag("vad") == false { return nil }
        var options = VoiceActivityOptions()
        options.threshold = try values.number("vad_threshold", in: 0.05...0.95) ?? options.threshold
        options.minimumSpeech = try values.seconds("vad_min_speech_duration_ms", in: 0...5) ?? options.minimumSpeech
        options.minimumSilence = try values.seconds("vad_min_silence_duration_ms", in: 0.05...10) ?? options.minimumSilence
        options.margin = try values.seconds("vad_speech_pad_ms", in: 0...2) ?? options.margin
        return options
    }

    /// The range from `offset_t` with the length `duration`, both in milliseconds; 0 means from the start, and to the end.
    private static func range(_ values: OptionValues) throws -> (start: Timestamp?, end: Timestamp?) {
        let longest = 0...Int(Int32.max)
        let offset = try values.integer("offset_t", in: longest) ?? 0
        let duration = try values.integer("duration", in: longest) ?? 0
        return (
            offset == 0 ? nil : Timestamp(milliseconds: offset),
            duration == 0 ? nil : Timestamp(milliseconds: offset + duration)
        )
    }
}

extension OptionValues {
    /// A time given in milliseconds, in seconds, clamped to a range.
    fileprivate func seconds(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
        try number(name, in: 0...3_600_000).map { min(max($0 / 1000, range.lowerBound), range.upperBound) }
    }
}
