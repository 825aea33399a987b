/// A user's options for a transcription; each has a default.
///
/// Their JSON is stored with the transcription; options that equal their default may be missing there.
package struct TranscriptionOptions: Sendable, Hashable {
    /// The language that is spoken; nil to detect it.
    package var language: Language?

    /// The languages that may be detected; empty for all of the model's.
    package var allowedLanguages: [Language] = []

    /// Whether each block of speech may be in another language than the one before, as in a bilingual conversation.
    package var switchesLanguage = false

    /// Whether the text is to be English, whatever is spoken.
    package var translate = false

    /// Words and names that are likely to occur, in the style of the wanted text.
    package var prompt: String?

    /// How freely the text is chosen: 0 takes the likeliest word each time, 1 samples.
    package var temperature = 0.0

    /// Whether a doubtful text is decoded again at higher temperatures.
    package var fallsBack = true

    /// The number of beams, 1 to 8; 1 takes the likeliest word each time.
    package var beamSize = 1

    /// Whether the times of single words are wanted.
    package var wordTimes = false

    /// How speech is found, so that only speech is recognized; nil to recognize all sound.
    package var voiceActivity: VoiceActivityOptions? = VoiceActivityOptions()

    /// Whether each channel of the recording is one speaker's and transcribed by itself.
    package var separatesChannels = false

    /// The range of the recording to transcribe; nil for its beginning or end.
    package var start, end: Timestamp?

    package init() {}
}

/// How speech is distinguished from other sound.
package struct VoiceActivityOptions: Sendable, Hashable {
    /// The probability, 0 to 1, at which sound is speech.
    package var threshold = 0.5

    /// The shortest pause between sentences, in seconds.
    package var minimumSilence = 0.4

    /// The shortest stretch of speech, in seconds.
    package var minimumSpeech = 0.096

    /// How many seconds of the silence around speech are kept.
    package var margin = 0.2

    package init() {}
}

extension TranscriptionOptions: Codable {
    private enum CodingKeys: String, CodingKey {
        case language, allowedLanguages, switchesLanguage, translate, prompt, temperature, fallsBack, beamSize, wordTimes
        case voiceActivity, isVoiceActivityOff, separatesChannels, start, end
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys, or standard: Value) throws -> Value {
            try fields.decodeIfPresent(Value.self, forKey: key) ?? standard
        }
        language = try value(.language, or: nil)
        allowedLanguages = try value(.allowedLanguages, or: allowedLanguages)
        switchesLanguage = try value(.switchesLanguage, or: switchesLanguage)
        translate = try value(.translate, or: translate)
        prompt = try value(.prompt, or: nil)
        temperature = try value(.temperature, or: temperature)
        fallsBack = try value(.fallsBack, or: fallsBack)
        beamSize = try value(.beamSize, or: beamSize)
        wordTimes = try value(.wordTimes, or: wordTimes)
        let isOff = try value(.isVoiceActivityOff, or: false)
        voiceActivity = isOff ? nil : try value(.voiceActivity, or: VoiceActivityOptions())
        separatesChannels = try value(.separatesChannels, or: separatesChannels)
        start = try value(.start, or: nil)
        end = try value(.end, or: nil)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        let standard = Self()
        func encode<Value: Encodable & Equatable>(_ key: CodingKeys, _ path: KeyPath<Self, Value>) throws {
            if self[keyPath: path] != standard[keyPath: path] { try fields.encode(self[keyPath: path], forKey: key) }
        }
        try encode(.language, \.language)
        try encode(.allowedLanguages, \.allowedLanguages)
        try encode(.switchesLanguage, \.switchesLanguage)
        try encode(.translate, \.translate)
        try encode(.prompt, \.prompt)
        try encode(.temperature, \.temperature)
        try encode(.fallsBack, \.fallsBack)
        try encode(.beamSize, \.beamSize)
        try encode(.wordTimes, \.wordTimes)
        try encode(.voiceActivity, \.voiceActivity)
        if voiceActivity == nil { try fields.encode(true, forKey: .isVoiceActivityOff) }
        try encode(.separatesChannels, \.separatesChannels)
        try encode(.start, \.start)
        try encode(.end, \.end)
    }
}

extension VoiceActivityOptions: Codable {
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        threshold = try fields.decodeIfPresent(Double.self, forKey: .threshold) ?? threshold
        minimumSilence = try fields.decodeIfPresent(Double.self, forKey: .minimumSilence) ?? minimumSilence
        minimumSpeech = try fields.decodeIfPresent(Double.self, forKey: .minimumSpeech) ?? minimumSpeech
        margin = try fields.decodeIfPresent(Double.self, forKey: .margin) ?? margin
    }
}
