import Testing

@testable import Transcripts

struct ParagraphTests {
    @Test("a pause of a second and a half begins a new paragraph, a shorter one does not")
    func pauses() {
        let paragraphs = grouping([segment(0, 2, "One."), segment(3.4, 4, "Two."), segment(5.5, 6, "Three.")])
        #expect(paragraphs == [["One.", "Two."], ["Three."]])
    }

    @Test("a long paragraph ends after a sentence, not in the middle of one")
    func sentences() {
        let long = String(repeating: "a", count: 379)
        let ended = grouping([segment(0, 1, long + "."), segment(1, 2, "Next.")])
        #expect(ended.map(\.count) == [1, 1])
        let open = grouping([segment(0, 1, long + ","), segment(1, 2, "and on."), segment(2, 3, "Next.")])
        #expect(open.map(\.count) == [2, 1])
        let short = grouping([segment(0, 1, long.dropLast() + "."), segment(1, 2, "Next.")])
        #expect(short.map(\.count) == [2])
    }

    @Test("sentences end in other scripts too", arguments: Array("。？！؟।…"))
    func scripts(end: Character) {
        #expect(grouping([segment(0, 1, String(repeating: "a", count: 400) + "\(end)"), segment(1, 2, "b")]).count == 2)
    }

    @Test("speech without an end of a sentence is broken all the same, and nothing is lost or moved")
    func endless() {
        let segments = (0..<200).map { segment(Double($0), Double($0) + 1, "word number \($0)") }
        let paragraphs = grouping(segments)
        #expect(paragraphs.flatMap(\.self) == segments.map(\.text))
        #expect(paragraphs.allSatisfy { $0.joined(separator: " ").count < 950 })
        #expect(paragraphs.count > 2)
    }

    @Test("another speaker or language begins a new paragraph")
    func speakers() {
        var (one, two) = (segment(0, 1, "One."), segment(1, 2, "Two."))
        one.speaker = "Speaker 1"
        two.speaker = "Speaker 2"
        #expect(grouping([one, one, two]).map(\.count) == [2, 1])
        let languages = Paragraph.grouping([one, one]) { _ in Language(code: "de") }
        #expect(languages.count == 1)
        two.speaker = one.speaker
        two.language = Language(code: "de")
        #expect(Paragraph.grouping([one, two]) { $0.language }.count == 2)
    }

    @Test("nothing makes no paragraph")
    func empty() {
        #expect(grouping([]).isEmpty)
    }

    private func grouping(_ segments: [Segment]) -> [[String]] {
        Paragraph.grouping(segments) { _ in nil }.map { $0.segments.map(\.text) }
    }

    private func segment(_ start: Double, _ end: Double, _ text: String) -> Segment {
        Segment(start: Timestamp(seconds: start), end: Timestamp(seconds: end), text: text)
    }
}
