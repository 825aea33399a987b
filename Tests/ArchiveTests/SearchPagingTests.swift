import Archive
import Foundation
import TestSupport
import Testing
import Transcripts

@Suite("Pages of search", .archiveDatabase)
struct SearchPagingTests {
    @Test("every hit comes once, the better and newer ones first, however many there are and whatever is added meanwhile")
    func paging() async throws {
        let test = try TestArchive()
        let id = try await test.transcribed((0..<1203).map { "common number\($0)" + ($0 % 100 == 7 ? " common" : "") }, language: "en")
        var ordinals: [Int] = []
        var position: SearchPosition? = SearchPosition()
        var pages = 0
        while let place = position {
            let page = try await test.search("common", from: place, limit: 97)
            ordinals += page.hits.map(\.ordinal)
            pages += 1
            // A position survives being told to a client.
            position = try page.next.map { try #require(SearchPosition($0.description)) }
            #expect(position != place)
            #expect(page.total == nil)
            if pages == 2 { _ = try await test.transcribed("a new common", language: "en") }
        }
        #expect(ordinals.sorted() == Array(0..<1203))
        // The newest five hundred are ranked: those that say it twice are the best.
        #expect(ordinals.prefix(5) == [1107, 1007, 907, 807, 707])
        #expect(try await test.archive.texts.segments(of: id).count == 1203)
    }

    @Test("few hits are counted, and similar ones come behind those by words")
    func total() async throws {
        let test = try TestArchive()
        _ = try await test.transcribed(["blueberry", "berry", "berries", "strawberry"], language: "en")
        let all = try await test.search("berry")
        #expect(all.total == 4)
        #expect(all.next == nil)
        #expect(all.hits.map(\.match) == [.words, .words, .similar, .similar])
        let first = try await test.search("berry", limit: 3)
        #expect(first.hits == Array(all.hits.prefix(3)))
        #expect(try await test.search("berry", from: #require(first.next), limit: 3).hits == Array(all.hits.suffix(1)))
    }

    @Test(
        "rubbish finds nothing and breaks nothing",
        arguments: [
            "", " ", "the", "\"the\"", "!?.,;:'", "-", "--", "\"", "\"\"\"", "- \"", "or", "or or", "a or -b", "'; DROP TABLE segments; --",
            "👍🏽", "\u{0}", "a\u{0}b", "\u{1}\u{2}\u{3}", "%", "_", "\\", "%%%", "a & | ! <-> (", ":*", "\u{202E}\u{200B}", "e\u{301}",
            "\\\"\\", "x:*y", "<b>", String(repeating: "- ", count: 250), String(repeating: "x", count: 500),
        ]
    )
    func rubbish(query: String) async throws {
        let test = try TestArchive()
        _ = try await test.transcribed("something else", language: "en")
        #expect(try await test.search(query).hits.isEmpty)
    }

    @Test("a query that is too long is refused")
    func tooLong() {
        #expect(throws: ArchiveError.queryTooLong) { try SearchQuery(String(repeating: "x", count: 501)) }
        #expect(throws: ArchiveError.queryTooLong) { try SearchQuery(String(repeating: "x ", count: 33)) }
    }

    @Test("a search that takes too long is given up")
    func timeLimit() async throws {
        let test = try TestArchive()
        _ = try await test.transcribed((0..<3000).map { "word\($0) and other words" }, language: "en")
        await #expect(throws: ArchiveError.searchTooBroad) { try await test.search("word", timeLimit: .zero) }
    }

    @Test("of a long text the part around the first match is shown")
    func longText() async throws {
        let test = try TestArchive()
        let filler = String(repeating: "filling words ", count: 40)
        _ = try await test.transcribed(filler + "needle " + filler, language: "en")
        let snippet = try #require(try await test.search("needle").hits.first).snippet
        #expect(snippet.parts.map(\.isMatch) == [false, true, false])
        #expect(snippet.parts[1].text == "needle")
        #expect(snippet.text.hasPrefix("…") && snippet.text.hasSuffix("…"))
        #expect(snippet.text.count < 320)
    }

    @Test("a text that has the marks of the database in it marks nothing more")
    func hostileText() async throws {
        let test = try TestArchive()
        _ = try await test.transcribed("a \u{2}b\u{3} <b>needle</b>", language: "en")
        let snippet = try #require(try await test.search("needle").hits.first).snippet
        #expect(snippet.parts.filter(\.isMatch).map(\.text) == ["needle"])
        #expect(snippet.text == "a b <b>needle</b>")
    }
}
