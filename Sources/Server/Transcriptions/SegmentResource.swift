import Archive
import Hummingbird
import Transcripts

/// A segment as clients see it; times in seconds.
struct SegmentResource: Encodable, Sendable {
    let id: Int?
    let start: Double
    let end: Double
    let text: String
    let speaker: String?
    let language: String?
    let averageLogProbability: Double?
    let noSpeechProbability: Double?
    let compressionRatio: Double?
    let temperature: Double?
    let words: [WordResource]?
    let wordTiming: String?

    enum CodingKeys: String, CodingKey {
        case id, start, end, text, speaker, language, temperature, words
        case averageLogProbability = "avg_logprob"
        case noSpeechProbability = "no_speech_prob"
        case compressionRatio = "compression_ratio"
        case wordTiming = "word_timing"
    }

    init(_ stored: StoredSegment) {
        self.init(stored.segment, id: stored.ordinal)
    }

    /// - Parameter id: Its place in the transcript; nil for one that was taken out.
    init(_ segment: Segment, id: Int?) {
        self.id = id
        start = segment.start.seconds
        end = segment.end.seconds
        text = segment.text
        speaker = segment.speaker
        language = segment.language?.code
        averageLogProbability = segment.averageLogProbability
        noSpeechProbability = segment.noSpeechProbability
        compressionRatio = segment.compressionRatio
        temperature = segment.temperature
        words = segment.words?.map(WordResource.init)
        wordTiming = segment.wordTiming?.rawValue
    }
}

/// A word with its times in seconds.
struct WordResource: Encodable, Sendable {
    let word: String
    let start: Double
    let end: Double
    let probability: Double

    init(_ word: Word) {
        self.word = word.text
        start = word.start.seconds
        end = word.end.seconds
        probability = word.probability
    }
}

/// Something that was heard but taken out of the text.
struct RemovalResource: Encodable, Sendable {
    let id: String
    let reason: String
    let segment: SegmentResource

    init(_ removal: StoredRemoval) {
        id = "\(removal.block)-\(removal.place)"
        reason = removal.removed.reason.rawValue
        segment = SegmentResource(removal.removed.segment, id: nil)
    }

    /// The block and the place there that an id names.
    static func place(of id: String) -> (block: Int, place: Int)? {
        let numbers = id.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let block = numbers[0], let place = numbers[1] else { return nil }
        return (block, place)
    }
}

/// What was taken out of a transcription.
struct RemovalList: ResponseEncodable, Sendable {
    let items: [RemovalResource]
}

/// A part of a transcript's segments.
struct SegmentList: ResponseEncodable, Sendable {
    let items: [SegmentResource]
    /// How many there are in all.
    let total: Int
    let from, limit: Int
}

/// A word with its place in the transcript and the id of its segment.
struct NumberedWordResource: Encodable, Sendable {
    let id: Int
    let segmentID: Int
    let speaker: String?
    let word: String
    let start: Double
    let end: Double
    let probability: Double

    enum CodingKeys: String, CodingKey {
        case id, speaker, word, start, end, probability
        case segmentID = "segment_id"
    }

    init(_ stored: StoredWord) {
        let word = WordResource(stored.word)
        id = stored.ordinal
        segmentID = stored.segment
        speaker = stored.speaker
        (self.word, start, end, probability) = (word.word, word.start, word.end, word.probability)
    }
}

/// A part of a transcript's words; empty where nobody asked for them.
struct WordList: ResponseEncodable, Sendable {
    let items: [NumberedWordResource]
    /// How many there are in all.
    let total: Int
    let from, limit: Int
}
