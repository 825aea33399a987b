/// Segments of one speaker and language that are read together; the website's pages follow the same rule.
struct Paragraph {
    /// A silence of so many milliseconds begins a new paragraph.
    private static let pause = 1500
    /// From so many characters on, a paragraph ends with a sentence.
    private static let comfortableLength = 380
    /// No paragraph grows any further from so many characters on.
    private static let greatestLength = 900

    let start: Timestamp
    let speaker: String?
    let language: Language?
    private(set) var text: String
    private var end: Timestamp

    private init(_ segment: Segment, language: Language?) {
        (start, end, text, speaker) = (segment.start, segment.end, segment.text, segment.speaker)
        self.language = language
    }

    /// The paragraphs of a transcript, in their order.
    static func paragraphs(of transcript: Transcript) -> [Paragraph] {
        var paragraphs: [Paragraph] = []
        for segment in transcript.writtenSegments {
            let language = transcript.isTranslation ? transcript.textLanguage : segment.language ?? transcript.language
            if let last = paragraphs.indices.last, paragraphs[last].goesOn(with: segment, in: language) {
                paragraphs[last].text += (language?.wordSeparator ?? " ") + segment.text
                paragraphs[last].end = segment.end
            } else {
                paragraphs.append(Paragraph(segment, language: language))
            }
        }
        return paragraphs
    }

    private func goesOn(with segment: Segment, in language: Language?) -> Bool {
        guard segment.speaker == speaker, language == self.language else { return false }
        if segment.start.milliseconds - end.milliseconds >= Self.pause || text.count >= Self.greatestLength { return false }
        let endsSentence = text.last.map { ".?!…。？！؟।".contains($0) } ?? false
        return !(text.count >= Self.comfortableLength && endsSentence)
    }
}
