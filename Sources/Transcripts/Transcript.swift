import Foundation

/// The text of a recording: what was said, when, and in which language.
package struct Transcript: Sendable, Hashable, Codable {
    /// The language that is spoken; nil if nothing was said.
    package var language: Language?
    /// The length of the recording.
    package var duration: Timestamp
    /// What was said, in order.
    package var segments: [Segment]
    /// The name of the model that recognized it, if known.
    package var model: String?
    /// Whether the text is an English translation of what was said.
    package var isTranslation: Bool
    /// The segments that gates removed.
    package var removed: [RemovedSegment] = []
    /// What is wrong with the recording's file; nil if all of it was read.
    package var damage: Damage?

    package init(language: Language?, duration: Timestamp, segments: [Segment], model: String? = nil, isTranslation: Bool = false) {
        self.language = language
        self.duration = duration
        self.segments = segments
        self.model = model
        self.isTranslation = isTranslation
    }

    /// The language of the text, which is English for a translation.
    package var textLanguage: Language? { isTranslation ? Language(code: "en") : language }

    /// The whole text in one line: the segments joined by the language's separator.
    package var text: String {
        segments.map(\.text).filter { !$0.isEmpty }.joined(separator: textLanguage?.wordSeparator ?? " ")
    }
}

extension Transcript {
    /// The segments with text, each in one line, in their order.
    var writtenSegments: [Segment] {
        segments.compactMap { segment in
            var segment = segment
            segment.text = segment.text.inOneLine
            return segment.text.isEmpty ? nil : segment
        }
    }

    /// Whether there is more than one speaker.
    var hasSeveralSpeakers: Bool { Set(segments.map(\.speaker)).count > 1 }
}
