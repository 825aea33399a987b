import Testing
import Transcripts

@Suite struct ParagraphTests {
    @Test("a paragraph ends with a pause, another speaker, another language or, when it is long, with its sentence")
    func ranges() {
        let long = String(repeating: "word ", count: 80) + "end."
        let segments = [
            segment(0, 1000, "One."), segment(1200, 2000, "Two."), segment(3500, 4000, "After a pause."),
            segment(4000, 5000, "Another speaker.", speaker: "Speaker 2"),
            segment(5000, 6000, "Noch einer.", speaker: "Speaker 2", in: "de"),
            segment(6000, 7000, long, speaker: "Speaker 2", in: "de"), segment(7000, 8000, "Ende.", speaker: "Speaker 2", in: "de"),
        ]
        #expect(Paragraph.ranges(in: segments) == [0..<2, 2..<3, 3..<4, 4..<6, 6..<7])
        #expect(Paragraph.ranges(in: []).isEmpty)
    }

    private func segment(_ start: Int, _ end: Int, _ text: String, speaker: String? = nil, in language: String? = nil) -> Segment {
        var segment = Segment(start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: end), text: text)
        segment.speaker = speaker
        segment.language = language.flatMap(Language.init(code:))
        return segment
    }
}
