import Foundation

/// A recording's text: what was said, when, and in which language.
package struct Transcript: Sendable, Hashable, Codable {
    /// The language that is spoken, or nil where nothing was said.
    package var language: Language?
    /// The length of the recording.
    package var duration: Timestamp
    /// What was said, in the order in which it was said.
    package var segments: [Segment]
    /// The name of the model that heard it, if it is known.
    package var model: String?
    /// Whether the text is an English translation of what was said.
    package var isTranslation: Bool

    /// Makes a transcript of its parts.
    package init(language: Language?, duration: Timestamp, segments: [Segment], model: String? = nil, isTranslation: Bool = false) {
        self.language = language
        self.duration = duration
        self.segments = segments
        self.model = model
        self.isTranslation = isTranslation
    }

    /// The language that the text is written in, which is English for a translation.
    package var textLanguage: Language? { isTranslation ? Language(code: "en") : language }

    /// The whole text in one line: the segments joined the way the language joins its words.
    package var text: String {
        segments.map(\.text).filter { !$0.isEmpty }.joined(separator: textLanguage?.wordSeparator ?? " ")
    }
}

/// A stretch of speech, about a sentence long, and its text.
package struct Segment: Sendable, Hashable, Codable {
    /// When the speech starts.
    package var start: Timestamp
    /// When the speech ends.
    package var end: Timestamp
    /// What was said, without white space around it.
    package var text: String
    /// The mean logarithm of the probability that the model gave each token, 0 being certain.
    package var averageLogProbability: Double?
    /// The probability, 0 to 1, that nobody spoke at all.
    package var noSpeechProbability: Double?
    /// The words with their times, if they were asked for.
    package var words: [Word]?

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
}
