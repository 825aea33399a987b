import Transcripts

/// A segment as OpenAI's Whisper and programs around it write it, with every field; times in seconds.
struct WhisperSegment: Encodable, Sendable {
    let id: Int
    /// The start of the segment in the model's frames, which are hundredths of a second.
    let seek: Int
    let start: Double
    let end: Double
    /// With the space that the model writes before it, so that the texts can be joined.
    let text: String
    /// Empty, because tokens are not stored.
    let tokens: [Int] = []
    let temperature: Double
    let avgLogprob: Double
    let compressionRatio: Double
    let noSpeechProb: Double
    let speaker: String?
    let words: [WhisperWord]?

    /// - Parameter separator: The text between two segments in the transcript's language.
    init(_ segment: Segment, id: Int, separator: String, words: [WhisperWord]? = nil) {
        self.id = id
        seek = segment.start.milliseconds / 10
        start = segment.start.seconds
        end = segment.end.seconds
        text = separator + segment.text
        temperature = segment.temperature ?? 0
        avgLogprob = segment.averageLogProbability ?? 0
        compressionRatio = segment.compressionRatio ?? 1
        noSpeechProb = segment.noSpeechProbability ?? 0
        speaker = segment.speaker
        self.words = words
    }
}

/// A word as Whisper writes it; times in seconds.
struct WhisperWord: Encodable, Sendable {
    let word: String
    let start: Double
    let end: Double
    let probability: Double?

    init(_ word: Word, separator: String = "", withProbability: Bool = true) {
        self.word = separator + word.text
        start = word.start.seconds
        end = word.end.seconds
        probability = withProbability ? word.probability : nil
    }
}

extension Transcript {
    /// The text between two segments.
    var separator: String { textLanguage?.wordSeparator ?? " " }

    /// The segments as Whisper writes them.
    func whisperSegments(withWords: Bool = false) -> [WhisperSegment] {
        segments.enumerated().map { index, segment in
            let words = withWords ? segment.words?.map { WhisperWord($0, separator: separator) } : nil
            return WhisperSegment(segment, id: index, separator: separator, words: words)
        }
    }
}
