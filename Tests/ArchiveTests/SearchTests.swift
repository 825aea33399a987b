import Archive
import Foundation
import Postgres
import TestSupport
import Testing
import Transcripts

@Suite("Search", .archiveDatabase)
struct SearchTests {
    @Test(
        "a word is found however its language inflects it, and marked as it stands in the text",
        arguments: [
            ("en", "The dogs were running home.", "run dog", ["dogs", "running"]),
            ("de", "Wir haben in den Häusern gewohnt.", "Haus", ["Häusern"]),
            ("es", "Las niñas cantaban canciones.", "canción niña", ["niñas", "canciones"]),
            ("ru", "Мы говорили о книгах.", "книга", ["книгах"]),
            ("sv", "Vi pratade om böckerna och bilarna.", "bil", ["bilarna"]),
        ]
    )
    func stemming(language: String, text: String, query: String, marks: [String]) async throws {
        let test = try TestArchive()
        let id = try await test.transcribed(text, language: language)
        let page = try await test.search(query)
        let hit = try #require(page.hits.first)
        #expect(page.total == 1)
        #expect(hit.transcriptionID == id)
        #expect(hit.match == .words)
        #expect(hit.language == language)
        #expect(hit.snippet.text == text)
        #expect(hit.marks == marks)
    }

    @Test("what is stemmed for one language is not looked for in another, and excluded words are excluded in each")
    func pairing() async throws {
        let test = try TestArchive()
        let english = try await test.transcribed("The house has a garden.", language: "en")
        let german = try await test.transcribed("Das Haus hat keinen Garten, sagt House.", language: "de")
        #expect(Set(try await test.search("house").hits.map(\.transcriptionID)) == [english, german])
        #expect(try await test.search("house -gardens").hits.map(\.transcriptionID) == [german])
        #expect(try await test.search("house -\"keinen Garten\"").hits.map(\.transcriptionID) == [english])
    }

    @Test("a translation is English, whatever was spoken")
    func translation() async throws {
        let test = try TestArchive()
        var options = TranscriptionOptions()
        options.translate = true
        _ = try await test.prepare(blocks: 1, options: options)
        try await test.hear("She was singing.", language: "de")
        #expect(try await test.search("sing").hits.first?.match == .words)
    }

    @Test(
        "any part of a text is found where words are not set apart",
        arguments: [
            ("ja", "今日の会議は三時から始まります。", "会議", ["会議"]), ("ja", "今日の会議は三時から始まります。", "三時から", ["三時から"]),
            ("ja", "今日の会議は三時から始まります。", "会", ["会"]), ("zh", "我们明天去北京大学。", "北京", ["北京"]),
            ("th", "วันนี้อากาศดีมาก", "อากาศ", ["อากาศ"]), ("ko", "학교에서 친구를 만났어요.", "학교", ["학교"]),
            ("ja", "東京タワーでNHKの取材がありました。", "nhk 東京", ["東京", "NHK"]),
        ]
    )
    func joinedScripts(language: String, text: String, query: String, marks: [String]) async throws {
        let test = try TestArchive()
        _ = try await test.transcribed(text, language: language)
        _ = try await test.transcribed("会った議員の時から三人、京東。", language: "ja")
        let page = try await test.search(query)
        #expect(page.hits.map(\.snippet.text).contains(text))
        #expect(query == "会" || page.hits.count == 1)
        #expect(page.hits.first { $0.snippet.text == text }?.marks == marks)
    }

    @Test(
        "a name is found by a part of it, and as somebody else spells it",
        arguments: [
            ("schmid", ["schmid"]), ("Goldschmitt", ["Goldschmidt"]), ("\"m. Goldsch\"", ["m. Goldsch"]), ("\"50% o\"", ["50% o"]),
        ]
    )
    func names(query: String, marks: [String]) async throws {
        let test = try TestArchive()
        _ = try await test.transcribed("I asked them. Goldschmidt wants 50% of it.", language: "en")
        _ = try await test.transcribed("Nobody has 500 of them.", language: "en")
        let hits = try await test.search(query).hits
        #expect(hits.map(\.marks) == [marks])
        #expect(hits.allSatisfy { $0.match == .similar && $0.score < 1 })
    }

    @Test("phrases, alternatives and exclusions mean what they say")
    func syntax() async throws {
        let test = try TestArchive()
        let texts = ["red apple pie", "apple red wine", "green pear", "blue plum and pear"]
        for text in texts { _ = try await test.transcribed(text, language: "en") }
        func found(_ query: String) async throws -> Set<String> { Set(try await test.search(query).hits.map(\.snippet.text)) }
        #expect(try await found("\"red apple\"") == [texts[0]])
        #expect(try await found("“red apple”") == [texts[0]])
        #expect(try await found("red apple") == [texts[0], texts[1]])
        #expect(try await found("wine or plum") == [texts[1], texts[3]])
        #expect(try await found("pear -green") == [texts[3]])
        #expect(try await found("-green") == [])
        #expect(try await found("\"pear") == [texts[2], texts[3]])
    }

    @Test("each scope leaves out all else")
    func scope() async throws {
        let test = try TestArchive()
        let german = try await test.transcribed("Madrid", language: "de")
        let spanish = try await test.transcribed("Madrid", language: "es")
        func found(_ scope: SearchScope) async throws -> [UUID] { try await test.search("madrid", in: scope).hits.map(\.transcriptionID) }
        #expect(try await found(SearchScope()) == [spanish, german])
        #expect(try await found(SearchScope(language: Language(code: "de"))) == [german])
        #expect(try await found(SearchScope(transcription: spanish)) == [spanish])
        #expect(try await found(SearchScope(model: "demo")).count == 2)
        #expect(try await found(SearchScope(model: "base")).isEmpty)
        var change = TranscriptionChange()
        change.name = "A trip"
        change.tags = ["travel", "50%"]
        _ = try await test.archive.texts.edit(german, change)
        let tagged = try await test.search("madrid", in: SearchScope(tag: "travel")).hits
        #expect(tagged.map(\.transcriptionID) == [german])
        #expect(tagged.map(\.name) == ["A trip"])
        #expect(try await found(SearchScope(tag: "trav")).isEmpty)
    }

    @Test("of an edited text the version that counts is found, in the language of the recording")
    func revisions() async throws {
        let test = try TestArchive()
        let id = try await test.transcribed("Wir waren in den Hütten.", language: "de")
        var change = TranscriptionChange()
        let edited = EditedSegment(start: .zero, end: Timestamp(milliseconds: 1000), text: "Wir waren in den Häusern.")
        change.text = TranscriptionChange.Text(segments: [edited], editedFrom: 0)
        _ = try await test.archive.texts.edit(id, change)
        #expect(try await test.search("Hütte").hits.isEmpty)
        let hit = try #require(try await test.search("Haus").hits.first)
        #expect(hit.match == .words && hit.ordinal == 0)
        _ = try await test.archive.texts.restoreRevision(0, of: id)
        #expect(try await test.search("Hütte").total == 1)
        #expect(try await test.search("Haus").hits.allSatisfy { $0.match == .similar })
    }

    @Test("what is deleted, taken out or not yet shown is not found; what is put back is")
    func currentTextOnly() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 2)
        let jobs = [try await test.take(.block), try await test.take(.block)]
        try await test.hear("later bananas", as: jobs[1])
        #expect(try await test.search("banana").hits.isEmpty)
        let removed = RemovedSegment(Segment(from: 100, to: 200, "phantom bananas"), reason: .phantomPhrase)
        try await test.hear("early bananas", removed: [removed], as: jobs[0])
        #expect(Set(try await test.search("banana").hits.map(\.snippet.text)) == ["early bananas", "later bananas"])
        try await test.archive.queue.finish(test.take(.finish))
        let removal = try #require(try await test.archive.texts.removals(of: id).first)
        #expect(try await test.archive.texts.restoreRemoval(block: removal.block, place: removal.place, of: id))
        #expect(try await test.search("banana").total == 3)
        #expect(try await test.search("phantom").hits.first?.ordinal == 1)
        #expect(try await test.archive.library.delete(id))
        #expect(try await test.search("banana").total == 0)
    }
}

extension SearchHit {
    /// The parts that match.
    fileprivate var marks: [String] { snippet.parts.filter(\.isMatch).map(\.text) }
}
