/// Segments of one speaker and language that are read together; the website's pages follow the same rule.
package struct Paragraph {
    /// A silence of this many milliseconds begins a new paragraph.
    private static let pause = 1500
    /// A paragraph of this many characters ends with its sentence.
    private static let comfortableLength = 380
    /// A paragraph of this many characters ends with its segment.
    private static let greatestLength = 900

    package let start: Timestamp
    package let speaker: String?
    package let language: Language?
    package let text: String

    /// The paragraphs of a transcript, in their order.
    package static func paragraphs(of transcript: Transcript) -> [Paragraph] {
        let segments = transcript.writtenSegments.map { segment in
            var segment = segment
            segment.language = transcript.isTranslation ? transcript.textLanguage : segment.language ?? transcript.language
            return segment
        }
        return ranges(in: segments).map { range in
            let (first, texts) = (segments[range.lowerBound], segments[range].map(\.text))
            let text = texts.joined(separator: first.language?.wordSeparator ?? " ")
            return Paragraph(start: first.start, speaker: first.speaker, language: first.language, text: text)
        }
    }

    /// The positions of the segments of each paragraph, in their order.
    package static func ranges(in segments: [Segment]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var length = 0
        for (index, segment) in segments.enumerated() {
            if let range = ranges.last, !endsParagraph(segments[index - 1], ofLength: length, before: segment) {
                ranges[ranges.count - 1] = range.lowerBound..<index + 1
            } else {
                ranges.append(index..<index + 1)
                length = 0
            }
            length += segment.text.count
        }
        return ranges
    }

    private static func endsParagraph(_ last: Segment, ofLength length: Int, before next: Segment) -> Bool {
        if next.speaker != last.speaker || next.language != last.language { return true }
        if next.start.milliseconds - last.end.milliseconds >= pause || length >= greatestLength { return true }
        let endsSentence = last.text.last.map { ".?!…。？！؟।".contains($0) } ?? false
        return length >= comfortableLength && endsSentence
    }
}
