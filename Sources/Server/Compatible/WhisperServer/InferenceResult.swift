import Hummingbird
import Transcripts

/// What whisper.cpp's server answers to `verbose_json`; times in seconds.
struct InferenceResult: ResponseEncodable, Sendable {
    private struct Segment: Encodable {
        let id: Int
        let text: String
        let start: Double?
        let end: Double?
        let speaker: String?
        let tokens: [Int] = []
        let words: [Word]
        let temperature: Double
        let averageLogProbability: Double
        let noSpeechProbability: Double

        enum CodingKeys: String, CodingKey {
            case id, text, start, end, speaker, tokens, words, temperature
            case averageLogProbability = "avg_logprob"
            case noSpeechProbability = "no_speech_prob"
        }
    }

    private struct Word: Encodable {
        let word: String
        let start: Double?
        let end: Double?
        /// In hundredths of a second; -1 where attention has not told it.
        let attention: Int
        let probability: Double

        enum CodingKeys: String, CodingKey {
            case word, start, end, probability
            case attention = "t_dtw"
        }
    }

    private let task: String
    private let language: String?
    private let duration: Double
    private let text: String
    private let segments: [Segment]
    private let detectedLanguage: String?
    private let detectedLanguageProbability: Double?
    private let languageProbabilities: [String: Double]?

    enum CodingKeys: String, CodingKey {
        case task, language, duration, text, segments
        case detectedLanguage = "detected_language"
        case detectedLanguageProbability = "detected_language_probability"
        case languageProbabilities = "language_probabilities"
    }

    /// - Parameter languageProbability: How sure the model is of the language; nil where the client named it.
    init(_ transcript: Transcript, saysTimes: Bool, languageProbability: Double?) {
        task = transcript.isTranslation ? "translate" : "transcribe"
        language = transcript.language?.englishName.lowercased()
        duration = transcript.duration.seconds
        text = InferenceRoutes.text(of: transcript)
        segments = transcript.segments.enumerated().map { index, segment in
            Segment(
                id: index,
                text: transcript.separator + segment.text,
                start: saysTimes ? segment.start.seconds : nil,
                end: saysTimes ? segment.end.seconds : nil,
                speaker: Self.speaker(of: segment),
                words: (segment.words ?? []).map { word in
                    Word(
                        word: transcript.separator + word.text,
                        start: saysTimes ? word.start.seconds : nil,
                        end: saysTimes ? word.end.seconds : nil,
                        attention: segment.wordTiming == .attention ? word.start.milliseconds / 10 : -1,
                        probability: word.probability
                    )
                },
                temperature: segment.temperature ?? 0,
                averageLogProbability: segment.averageLogProbability ?? 0,
                noSpeechProbability: segment.noSpeechProbability ?? 0
            )
        }
        detectedLanguage = languageProbability == nil ? nil : language
        detectedLanguageProbability = languageProbability
        languageProbabilities = languageProbability.flatMap { probability in transcript.language.map { [$0.code: probability] } }
    }

    /// The number of the channel that a segment was said in, from 0; nil where there is one only.
    static func speaker(of segment: Transcripts.Segment) -> String? {
        segment.channelNumber.map { String($0) }
    }
}
