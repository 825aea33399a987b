import Foundation

/// OpenAI's `verbose_json`, with times in seconds; fields that nobody measured are left out.
struct VerboseJSON: Encodable {
    struct Segment: Encodable {
        var id: Int
        var start: Double
        var end: Double
        var text: String
        var averageLogProbability: Double?
        var noSpeechProbability: Double?

        enum CodingKeys: String, CodingKey {
            case id, start, end, text
            case averageLogProbability = "avg_logprob"
            case noSpeechProbability = "no_speech_prob"
        }
    }

    struct Word: Encodable {
        var word: String
        var start: Double
        var end: Double
    }

    var task: String
    var language: String?
    var duration: Double
    var text: String
    var segments: [Segment]
    var words: [Word]?

    init(_ transcript: Transcript) {
        task = transcript.isTranslation ? "translate" : "transcribe"
        language = transcript.language?.englishName.lowercased()
        duration = transcript.duration.seconds
        text = transcript.text
        segments = transcript.segments.enumerated().map { index, segment in
            Segment(
                id: index,
                start: segment.start.seconds,
                end: segment.end.seconds,
                text: segment.text,
                averageLogProbability: segment.averageLogProbability.flatMap(Self.finite),
                noSpeechProbability: segment.noSpeechProbability.flatMap(Self.finite)
            )
        }
        let words = transcript.segments.compactMap(\.words)
        self.words = words.isEmpty ? nil : words.joined().map { Word(word: $0.text, start: $0.start.seconds, end: $0.end.seconds) }
    }

    static func text(of transcript: Transcript) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Every number is finite and every key a string, so there is nothing left that could fail.
        guard let data = try? encoder.encode(VerboseJSON(transcript)) else { return "" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// JSON has no way to write infinity or what is not a number.
    private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
