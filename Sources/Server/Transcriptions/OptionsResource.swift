import Transcripts

/// The options of a transcription, by the names under which requests give them; options with their default values are left out.
struct OptionsResource: Encodable, Sendable {
    let prompt: String?
    let temperature: Double?
    let temperatureFallback: Bool?
    let allowedLanguages: [Language]?
    let switchLanguages: Bool?
    let beamSize: Int?
    let wordTimestamps: Bool?
    let channels: String?
    let start, end: Double?
    let vad: Bool?
    let vadThreshold, vadMinSilence, vadMinSpeech, vadMargin: Double?

    init(_ options: TranscriptionOptions) {
        let standard = TranscriptionOptions()
        prompt = options.prompt
        temperature = options.temperature.unless(standard.temperature)
        temperatureFallback = options.fallsBack.unless(true)
        allowedLanguages = options.allowedLanguages.unless([])
        switchLanguages = options.switchesLanguage.unless(false)
        beamSize = options.beamSize.unless(standard.beamSize)
        wordTimestamps = options.wordTimes.unless(false)
        channels = options.separatesChannels ? "separate" : nil
        start = options.start?.seconds
        end = options.end?.seconds
        let usual = VoiceActivityOptions()
        vad = options.voiceActivity == nil ? false : nil
        vadThreshold = options.voiceActivity?.threshold.unless(usual.threshold)
        vadMinSilence = options.voiceActivity?.minimumSilence.unless(usual.minimumSilence)
        vadMinSpeech = options.voiceActivity?.minimumSpeech.unless(usual.minimumSpeech)
        vadMargin = options.voiceActivity?.margin.unless(usual.margin)
    }
}

extension Equatable {
    /// The value; nil if it is the given one.
    fileprivate func unless(_ usual: Self) -> Self? { self == usual ? nil : self }
}
