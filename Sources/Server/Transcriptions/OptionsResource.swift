import Transcripts

/// The options of a transcription under the names that a request gives them; what is at its default is left out.
struct OptionsResource: Encodable, Sendable {
    private let options: TranscriptionOptions

    init(_ options: TranscriptionOptions) {
        self.options = options
    }

    private enum CodingKeys: String, CodingKey {
        case prompt, temperature, vad, channels, start, end
        case allowedLanguages = "allowed_languages"
        case switchLanguages = "switch_languages"
        case temperatureFallback = "temperature_fallback"
        case beamSize = "beam_size"
        case wordTimestamps = "word_timestamps"
        case vadThreshold = "vad_threshold"
        case vadMinSilence = "vad_min_silence"
        case vadMinSpeech = "vad_min_speech"
        case vadMargin = "vad_margin"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        let standard = TranscriptionOptions()
        try fields.encodeIfPresent(options.prompt, forKey: .prompt)
        if options.temperature != standard.temperature { try fields.encode(options.temperature, forKey: .temperature) }
        if !options.allowedLanguages.isEmpty { try fields.encode(options.allowedLanguages, forKey: .allowedLanguages) }
        if options.switchesLanguage { try fields.encode(true, forKey: .switchLanguages) }
        if !options.fallsBack { try fields.encode(false, forKey: .temperatureFallback) }
        if options.beamSize != standard.beamSize { try fields.encode(options.beamSize, forKey: .beamSize) }
        if options.wordTimes { try fields.encode(true, forKey: .wordTimestamps) }
        if options.separatesChannels { try fields.encode("separate", forKey: .channels) }
        try fields.encodeIfPresent(options.start?.seconds, forKey: .start)
        try fields.encodeIfPresent(options.end?.seconds, forKey: .end)
        guard let activity = options.voiceActivity else { return try fields.encode(false, forKey: .vad) }
        let usual = VoiceActivityOptions()
        if activity.threshold != usual.threshold { try fields.encode(activity.threshold, forKey: .vadThreshold) }
        if activity.minimumSilence != usual.minimumSilence { try fields.encode(activity.minimumSilence, forKey: .vadMinSilence) }
        if activity.minimumSpeech != usual.minimumSpeech { try fields.encode(activity.minimumSpeech, forKey: .vadMinSpeech) }
        if activity.margin != usual.margin { try fields.encode(activity.margin, forKey: .vadMargin) }
    }
}
