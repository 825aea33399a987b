import Foundation

/// A stretch of speech, about a sentence long, and its text.
package struct Segment: Sendable, Hashable, Codable {
    /// When the speech starts.
    package var start: Timestamp
    /// When the speech ends.
    package var end: Timestamp
    /// What was said, without white space around it.
    package var text: String
    /// The speaker ("Speaker 1"); nil if unknown.
    package var speaker: String?
    /// The language that it was said in, if that may change within the recording.
    package var language: Language?
    /// The mean logarithm of the tokens' probabilities; 0 is certain.
    package var averageLogProbability: Double?
    /// The probability, 0 to 1, of no speech.
    package var noSpeechProbability: Double?
    /// How many times smaller the text becomes by compression; from about 2.4 on it repeats itself.
    package var compressionRatio: Double?
    /// The temperature at which the text was decoded.
    package var temperature: Double?
    /// The words with their times, if they were requested.
    package var words: [Word]?
    /// The source of the words' times; nil without words.
    package var wordTiming: WordTiming?

    /// A segment whose text is trimmed of white space.
    package init(
        start: Timestamp,
        end: Timestamp,
        text: String,
        averageLogProbability: Double? = nil,
        noSpeechProbability: Double? = nil,
        words: [Word]? = nil
    ) {
        self.start = start
        self.end = end
        self.text = text.trimmed
        self.averageLogProbability = averageLogProbability
        self.noSpeechProbability = noSpeechProbability
        self.words = words
    }

    /// The same segment later by `offset`, words included.
    package func moved(by offset: Timestamp) -> Segment {
        var segment = self
        segment.start = start + offset
        segment.end = end + offset
        segment.words = words?.map { $0.moved(by: offset) }
        return segment
    }
}

/// One spoken word.
package struct Word: Sendable, Hashable, Codable {
    /// When the word starts.
    package var start: Timestamp
    /// When the word ends.
    package var end: Timestamp
    /// The word with its punctuation.
    package var text: String
    /// The probability of the word, 0 to 1.
    package var probability: Double

    package init(start: Timestamp, end: Timestamp, text: String, probability: Double) {
        self.start = start
        self.end = end
        self.text = text
        self.probability = probability
    }

    /// The same word later by `offset`.
    package func moved(by offset: Timestamp) -> Word {
        Word(start: start + offset, end: end + offset, text: text, probability: probability)
    }
}

/// The source of word times.
package enum WordTiming: String, Sendable, Hashable, Codable {
    /// The decoder's attention, by dynamic time warping; for models whose attention heads are known.
    case attention
    /// The loudness of the sound and the length of the words.
    case tokens
}

/// A segment that a gate removed from a transcript; it can be restored.
package struct RemovedSegment: Sendable, Hashable, Codable {
    package var segment: Segment
    package var reason: RemovalReason

    package init(_ segment: Segment, reason: RemovalReason) {
        self.segment = segment
        self.reason = reason
    }
}

/// Why a segment is removed from a transcript.
package enum RemovalReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// The sound is too quiet or too empty to hold speech.
    case silence
    /// The model finds no speech likely, and the text unlikely.
    case noSpeech = "no_speech"
    /// The model finds the text too unlikely.
    case lowProbability = "low_probability"
    /// The text repeats the text before.
    case repetition
    /// A sentence that models invent in silence, such as thanks for watching.
    case phantomPhrase = "phantom_phrase"
}
