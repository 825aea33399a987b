import Foundation

/// A stretch of speech, about a sentence long, and its text.
package struct Segment: Sendable, Hashable, Codable {
    /// When the speech starts.
    package var start: Timestamp
    /// When the speech ends.
    package var end: Timestamp
    /// What was said, without white space around it.
    package var text: String
    /// Who said it ("Speaker 1"); nil where nobody tells.
    package var speaker: String?
    /// The language that it was said in, where that may change within the recording.
    package var language: Language?
    /// The mean logarithm of the probability that the model gave each token, 0 being certain.
    package var averageLogProbability: Double?
    /// The probability, 0 to 1, that nobody spoke at all.
    package var noSpeechProbability: Double?
    /// How many times smaller the text becomes when it is compressed; from about 2.4 on it repeats itself.
    package var compressionRatio: Double?
    /// The temperature at which the text was chosen.
    package var temperature: Double?
    /// The words with their times, if they were asked for.
    package var words: [Word]?
    /// How the words' times were found; nil without words.
    package var wordTiming: WordTiming?

    /// Makes a segment, taking away white space around its text.
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
        self.text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        self.averageLogProbability = averageLogProbability
        self.noSpeechProbability = noSpeechProbability
        self.words = words
    }

    /// The same, said later by `offset`, words included.
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
    /// The word with the punctuation that hangs on it.
    package var text: String
    /// How sure the model is of the word, 0 to 1.
    package var probability: Double

    /// Makes a word of its parts.
    package init(start: Timestamp, end: Timestamp, text: String, probability: Double) {
        self.start = start
        self.end = end
        self.text = text
        self.probability = probability
    }

    /// The same, said later by `offset`.
    package func moved(by offset: Timestamp) -> Word {
        Word(start: start + offset, end: end + offset, text: text, probability: probability)
    }
}

/// How the times of words are found.
package enum WordTiming: String, Sendable, Hashable, Codable {
    /// From what the decoder attends to while it writes a word, by dynamic time warping; for models whose attention heads are known.
    case attention
    /// From the loudness of the sound and the length of the words.
    case tokens
}

/// A segment that was taken out of a transcript; it can be put back.
package struct RemovedSegment: Sendable, Hashable, Codable {
    /// What was heard.
    package var segment: Segment
    /// Why nobody is likely to have said it.
    package var reason: RemovalReason

    /// A segment with the reason to take it out.
    package init(_ segment: Segment, reason: RemovalReason) {
        self.segment = segment
        self.reason = reason
    }
}

/// Why a segment is taken out of a transcript.
package enum RemovalReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// The sound is too quiet or too empty to hold speech.
    case silence
    /// The model thinks that nobody speaks, and is not sure of the text.
    case noSpeech = "no_speech"
    /// The model is too unsure of the text.
    case lowProbability = "low_probability"
    /// The text says over and over what was said before.
    case repetition
    /// A sentence that models invent in silence, such as thanks for watching.
    case phantomPhrase = "phantom_phrase"
}
