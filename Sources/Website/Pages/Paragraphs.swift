/// Segments gathered into paragraphs for reading. `scripts/logic/paragraphs.js` holds the same rule for live segments.
struct Paragraph {
    private static let pause = 1.5
    private static let comfortableLength = 380
    private static let greatestLength = 900

    private(set) var segments: [SegmentResource]
    private var length: Int

    /// Groups segments in their order; a paragraph ends at a long pause, where another one speaks or, when it is long enough, after a sentence.
    static func grouping(_ segments: [SegmentResource]) -> [Paragraph] {
        var paragraphs: [Paragraph] = []
        for segment in segments {
            if let last = paragraphs.indices.last, !paragraphs[last].ends(before: segment) {
                paragraphs[last].segments.append(segment)
                paragraphs[last].length += segment.text.count
            } else {
                paragraphs.append(Paragraph(segments: [segment], length: segment.text.count))
            }
        }
        return paragraphs
    }

    private func ends(before segment: SegmentResource) -> Bool {
        guard let last = segments.last else { return false }
        if segment.speaker != last.speaker { return true }
        if segment.start - last.end >= Self.pause || length >= Self.greatestLength { return true }
        let endsSentence = last.text.last.map { ".?!…。？！؟।".contains($0) } ?? false
        return length >= Self.comfortableLength && endsSentence
    }
}
