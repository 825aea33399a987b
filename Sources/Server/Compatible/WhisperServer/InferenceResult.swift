import Hummingbird
import Transcripts

/// The `verbose_json` of whisper.cpp's server; times in seconds.
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
        let avgLogprob: Double
        let noSpeechProb: Double
    }

    private struct Word: Encodable {
        let word: String
        let start: Double?
        let end: Double?
        /// The start in hundredths of a second; -1 unless it was found by attention.
        let tDtw: Int
        let probability: Double
    }

    private let task: String
    private let language: String?
    private let duration: Double
    private let text: String
    private let segments: [Segment]
    private let detectedLanguage: String?
    private let detectedLanguageProbability: Double?
    private let languageProbabilities: [String: Double]?

    /// - Parameter languageProbability: The probability of the language; nil if the client named it.
    init(_ transcript: Transcript, hasTimes: Bool, languageProbability: Double?) {
        task = transcript.isTranslation ? "translate" : "transcribe"
        language = transcript.language?.englishName.lowercased()
        duration = transcript.duration.seconds
        text = InferenceRoutes.text(of: transcript)
        segments = transcript.segments.enumerated().map { index, segment in
            Segment(
                id: index,
                text: transcript.separator + segment.text,
                start: hasTimes ? segment.start.seconds : nil,
                end: hasTimes ? segment.end.seconds : nil,
                speaker: Self.speaker(of: segment),
                words: (segment.words ?? []).map { word in
                    Word(
                        word: transcript.separator + word.text,
                        start: hasTimes ? word.start.seconds : nil,
                        end: hasTimes ? word.end.seconds : nil,
                        tDtw: segment.wordTiming == .attention ? word.start.milliseconds / 10 : -1,
                        probability: word.probability
                    )
                },
                temperature: segment.temperature ?? 0,
                avgLogprob: segment.averageLogProbability ?? 0,
                noSpeechProb: segment.noSpeechProbability ?? 0
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
