import NIOCore
import Testing

@testable import Website

struct ParagraphTests {
    @Test("a pause of a second and a half begins a new paragraph, a shorter one does not")
    func pauses() {
        let paragraphs = Paragraph.grouping([segment(0, 2, "One."), segment(3.4, 4, "Two."), segment(5.5, 6, "Three.")])
        #expect(paragraphs.map(\.words) == [["One.", "Two."], ["Three."]])
    }

    @Test("a long paragraph ends after a sentence, not in the middle of one")
    func sentences() {
        let long = String(repeating: "a", count: 379)
        let ended = Paragraph.grouping([segment(0, 1, long + "."), segment(1, 2, "Next.")])
        #expect(ended.map(\.words.count) == [1, 1])
        let open = Paragraph.grouping([segment(0, 1, long + ","), segment(1, 2, "and on."), segment(2, 3, "Next.")])
        #expect(open.map(\.words.count) == [2, 1])
        let short = Paragraph.grouping([segment(0, 1, long.dropLast() + "."), segment(1, 2, "Next.")])
        #expect(short.map(\.words.count) == [2])
    }

    @Test("sentences end in other scripts too", arguments: Array("。？！؟।…"))
    func scripts(end: Character) {
        let paragraphs = Paragraph.grouping([segment(0, 1, String(repeating: "a", count: 400) + "\(end)"), segment(1, 2, "b")])
        #expect(paragraphs.count == 2)
    }

    @Test("speech without an end of a sentence is broken all the same, and nothing is lost or moved")
    func endless() {
        let segments = (0..<200).map { segment(Double($0), Double($0) + 1, "word number \($0)") }
        let paragraphs = Paragraph.grouping(segments)
        #expect(paragraphs.flatMap(\.words) == segments.map(\.text))
        #expect(paragraphs.allSatisfy { $0.words.joined().count < 950 })
        #expect(paragraphs.count > 2)
    }

    @Test("nothing makes no paragraph")
    func empty() {
        #expect(Paragraph.grouping([]).isEmpty)
    }

    @Test("live segments are grouped and joined by the same rule in the browser")
    func script() async throws {
        let folder = try await WebFolderSource(root: nil).current()
        let asset = try #require(folder.assets["scripts/logic/paragraphs.js"])
        let script = String(buffer: asset.bytes)
        for part in [">= 1.5 || ", "length >= 900", "length >= 380", "\".?!…。？！؟।\""] {
            #expect(script.contains(part), "\(part)")
        }
        for language in SpokenLanguage.all where language.code.count < 4 {
            #expect(script.contains("\"\(language.code)\"") == SpokenLanguage.joinsWithoutSpace(language.code), "\(language.code)")
        }
    }

    private func segment(_ start: Double, _ end: Double, _ text: String) -> SegmentResource {
        SegmentResource(id: nil, start: start, end: end, text: text, speaker: nil)
    }
}

extension Paragraph {
    fileprivate var words: [String] { segments.map(\.text) }
}
