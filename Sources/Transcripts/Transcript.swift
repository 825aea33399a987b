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
    /// What was heard but taken out again, because nobody is likely to have said it.
    package var removed: [RemovedSegment] = []

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
