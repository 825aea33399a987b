import Archive
import Hummingbird
import Transcripts

/// A segment in an answer; times in seconds.
struct SegmentResource: Encodable, Sendable {
    /// Its place in the transcript; nil for one that was removed.
    let id: Int?
    let start: Double
    let end: Double
    let text: String
    let speaker: String?
    let language: String?
    let avgLogprob: Double?
    let noSpeechProb: Double?
    let compressionRatio: Double?
    let temperature: Double?
    let words: [WordResource]?
    let wordTiming: String?

    init(_ stored: StoredSegment) {
        self.init(stored.segment, id: stored.ordinal)
    }

    init(_ segment: Segment, id: Int?) {
        self.id = id
        start = segment.start.seconds
        end = segment.end.seconds
        text = segment.text
        speaker = segment.speaker
        language = segment.language?.code
        avgLogprob = segment.averageLogProbability
        noSpeechProb = segment.noSpeechProbability
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

/// A segment that a gate removed from the transcript.
struct RemovalResource: Encodable, Sendable {
    let id: String
    let reason: String
    let segment: SegmentResource

    init(_ removal: StoredRemoval) {
        id = "\(removal.block)-\(removal.place)"
        reason = removal.removed.reason.rawValue
        segment = SegmentResource(removal.removed.segment, id: nil)
    }

    /// The block, and the place in it, that an id names.
    static func place(of id: String) -> (block: Int, place: Int)? {
        let numbers = id.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let block = numbers[0], let place = numbers[1] else { return nil }
        return (block, place)
    }
}

struct RemovalList: ResponseEncodable, Sendable {
    let items: [RemovalResource]
}

/// A part of a transcript's segments.
struct SegmentList: ResponseEncodable, Sendable {
    let items: [SegmentResource]
    /// The number of all segments.
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

    init(_ stored: StoredWord) {
        let word = WordResource(stored.word)
        id = stored.ordinal
        segmentID = stored.segment
        speaker = stored.speaker
        (self.word, start, end, probability) = (word.word, word.start, word.end, word.probability)
    }
}

/// A part of a transcript's words; empty unless the transcription was requested with word times.
struct WordList: ResponseEncodable, Sendable {
    let items: [NumberedWordResource]
    /// The number of all words.
    let total: Int
    let from, limit: Int
}
