import Foundation

/// OpenAI's `verbose_json`, with times in seconds; fields without a value are left out.
///
/// Beyond OpenAI's fields, a transcript has `damage` if its file could only be read in part, segments have `speaker`, `language` and `word_timing`, and words have `probability`.
struct VerboseJSON: Encodable {
    struct Segment: Encodable {
        var id: Int
        /// Where the segment begins, in hundredths of a second, which are the model's frames.
        var seek: Int
        var start: Double
        var end: Double
        var text: String
        var temperature: Double?
        var averageLogProbability: Double?
        var compressionRatio: Double?
        var noSpeechProbability: Double?
        var speaker: String?
        /// The name in English, like the transcript's own.
        var language: String?
        var wordTiming: WordTiming?

        enum CodingKeys: String, CodingKey {
            case id, seek, start, end, text, temperature, speaker, language
            case averageLogProbability = "avg_logprob"
            case compressionRatio = "compression_ratio"
            case noSpeechProbability = "no_speech_prob"
            case wordTiming = "word_timing"
        }
    }

    struct Word: Encodable {
        var word: String
        var start: Double
        var end: Double
        var probability: Double?
    }

    struct Damage: Encodable {
        var message: String
        var readSeconds: Double

        enum CodingKeys: String, CodingKey {
            case message
            case readSeconds = "read_seconds"
        }
    }

    var task: String
    var language: String?
    var duration: Double
    var damage: Damage?
    var text: String
    var segments: [Segment]
    var words: [Word]?

    init(_ transcript: Transcript) {
        task = transcript.isTranslation ? "translate" : "transcribe"
        language = transcript.language?.englishName.lowercased()
        duration = transcript.duration.seconds
        damage = transcript.damage.map { Damage(message: $0.message, readSeconds: $0.readUntil.seconds) }
        text = transcript.text
        segments = transcript.segments.enumerated().map { Segment($1, id: $0) }
        let words = transcript.segments.compactMap(\.words)
        self.words = words.isEmpty ? nil : words.joined().map(Word.init)
    }

    static func text(of transcript: Transcript) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Every number is finite and every key a string, so there is nothing left that could fail.
        guard let data = try? encoder.encode(VerboseJSON(transcript)) else { return "" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

extension VerboseJSON.Segment {
    fileprivate init(_ segment: Segment, id: Int) {
        self.id = id
        seek = segment.start.milliseconds / 10
        start = segment.start.seconds
        end = segment.end.seconds
        text = segment.text
        temperature = segment.temperature?.ifFinite
        averageLogProbability = segment.averageLogProbability?.ifFinite
        compressionRatio = segment.compressionRatio?.ifFinite
        noSpeechProbability = segment.noSpeechProbability?.ifFinite
        speaker = segment.speaker
        language = segment.language?.englishName.lowercased()
        wordTiming = segment.words == nil ? nil : segment.wordTiming
    }
}

extension VerboseJSON.Word {
    fileprivate init(_ word: Word) {
        self.word = word.text
        start = word.start.seconds
        end = word.end.seconds
        probability = word.probability.ifFinite
    }
}

extension Double {
    /// JSON cannot represent infinity and NaN.
    fileprivate var ifFinite: Double? { isFinite ? self : nil }
}
