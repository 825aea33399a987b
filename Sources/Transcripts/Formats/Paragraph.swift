/// Consecutive segments of one speaker and language that are read together.
package struct Paragraph {
    /// A silence of so many milliseconds begins a new paragraph.
    private static let pause = 1500
    /// From so many characters on, a paragraph ends with a sentence.
    private static let comfortableLength = 380
    /// No paragraph grows any further from so many characters on.
    private static let greatestLength = 900

    /// At least one segment, in their order.
    package private(set) var segments: [Segment]
    let language: Language?
    private var length: Int

    var start: Timestamp { segments[0].start }
    var speaker: String? { segments[0].speaker }
    var text: String { segments.map(\.text).joined(separator: separator) }

    private var separator: String { language?.wordSeparator ?? " " }

    private init(_ segment: Segment, language: Language?) {
        (segments, length) = ([segment], segment.text.count)
        self.language = language
    }

    /// The paragraphs of a transcript, in their order; segments without text are left out.
    static func paragraphs(of transcript: Transcript) -> [Paragraph] {
        grouping(transcript.writtenSegments) { segment in
            transcript.isTranslation ? transcript.textLanguage : segment.language ?? transcript.language
        }
    }

    /// Groups segments in their order: none is left out or moved.
    ///
    /// - Parameter language: The language that a segment is written in.
    package static func grouping(_ segments: [Segment], language: (Segment) -> Language?) -> [Paragraph] {
        var paragraphs: [Paragraph] = []
        for segment in segments {
            let language = language(segment)
            if let last = paragraphs.indices.last, paragraphs[last].continues(with: segment, in: language) {
                paragraphs[last].append(segment)
            } else {
                paragraphs.append(Paragraph(segment, language: language))
            }
        }
        return paragraphs
    }

    private mutating func append(_ segment: Segment) {
        segments.append(segment)
        length += separator.count + segment.text.count
    }

    private func continues(with segment: Segment, in language: Language?) -> Bool {
        guard let last = segments.last, segment.speaker == last.speaker, language == self.language else { return false }
        if segment.start.milliseconds - last.end.milliseconds >= Self.pause || length >= Self.greatestLength { return false }
        let endsSentence = last.text.last.map { ".?!…。？！؟।".contains($0) } ?? false
        return !(length >= Self.comfortableLength && endsSentence)
    }
}
