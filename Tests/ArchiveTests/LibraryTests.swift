import Archive
import Foundation
import TestSupport
import Testing
import Transcripts

@Suite("Lists", .archiveDatabase)
struct LibraryTests {
    private func names(
        _ test: TestArchive,
        order: LibraryOrder = .newestFirst,
        _ fill: (inout LibraryFilter) -> Void = { _ in }
    ) async throws -> [String] {
        var filter = LibraryFilter()
        fill(&filter)
        let page = try await test.archive.library.list(filter, order: order, limit: 100)
        #expect(page.total == page.items.count)
        return page.items.map(\.shownName)
    }

    @Test("every filter lets through what it says, and the total counts just that")
    func filters() async throws {
        let test = try TestArchive()
        let done = try await test.prepare(blocks: 0)
        try await test.archive.queue.finish(test.take(.finish))
        var change = TranscriptionChange()
        change.name = "Interview with 50% more_noise"
        change.tags = ["work", "très bon"]
        _ = try await test.archive.texts.edit(done, change)
        var options = TranscriptionOptions()
        options.language = Language(code: "de")
        let german = try await test.accept(filename: "Rede.wav", options: options)
        let talk = try await test.accept(filename: "percent 50 more noise.wav")

        #expect(try await names(test).count == 3)
        #expect(try await names(test) { $0.states = [.completed] } == ["Interview with 50% more_noise"])
        #expect(try await names(test) { $0.states = [.pending, .failed] } == ["percent 50 more noise.wav", "Rede.wav"])
        #expect(try await names(test) { $0.language = "de" } == ["Rede.wav"])
        #expect(try await names(test) { $0.models = ["base"] }.isEmpty)
        #expect(try await names(test) { $0.models = ["base", "demo"] }.count == 3)
        #expect(try await names(test) { $0.tag = "très bon" }.count == 1)
        #expect(try await names(test) { $0.tag = "très" }.isEmpty)
        #expect(try await names(test) { $0.audioFile = german.audioFile.id }.count == 3, "all three are one file")
        #expect(try await names(test) { $0.text = "NOISE" }.count == 2)
        #expect(try await names(test) { $0.text = "50% more_" } == ["Interview with 50% more_noise"])
        #expect(try await names(test) { $0.text = "\\" }.isEmpty)
        #expect(try await names(test) { $0.text = "'; DROP TABLE jobs; --" }.isEmpty)
        let middle = german.createdAt
        #expect(try await names(test) { $0.createdFrom = middle } == ["percent 50 more noise.wav", "Rede.wav"])
        #expect(try await names(test) { $0.createdBefore = middle } == ["Interview with 50% more_noise"])
        #expect(try await names(test) { $0.createdFrom = talk.createdAt.addingTimeInterval(1) }.isEmpty)
    }

    @Test(
        "pages after a place hold everything once, in every order, while the list grows and shrinks",
        arguments: LibraryOrder.Key.allCases.flatMap { key in [true, false].map { LibraryOrder(by: key, isDescending: $0) } }
    )
    func keyset(order: LibraryOrder) async throws {
        let test = try TestArchive()
        var ids: Set<UUID> = []
        for index in 0..<12 {
            // Some are equal in name and duration.
            let duration = index.isMultiple(of: 3) ? nil : Timestamp(milliseconds: index / 2 * 1000)
            ids.insert(try await test.accept(filename: "Talk \(index % 4).wav", duration: duration).id)
        }
        let whole = try await test.archive.library.list(order: order, limit: 100).items
        var seen: [Transcription] = []
        var position: LibraryPosition?
        while true {
            let page = try await test.archive.library.list(order: order, limit: 5, after: position).items
            guard let last = page.last else { break }
            seen += page
            position = LibraryPosition(of: last, in: order)
            // The place stays where it is, also when what stood there is gone.
            _ = try await test.archive.library.delete(last.id)
        }
        #expect(seen.map(\.id) == whole.map(\.id))
        #expect(Set(seen.map(\.id)) == ids)
        let keys = whole.map { LibraryPosition(of: $0, in: order).value }
        for (one, next) in zip(keys, keys.dropFirst()) {
            let isRight: Bool =
                switch (one, next) {
                case (.createdAt(let one), .createdAt(let next)): order.isDescending ? one >= next : one <= next
                case (.name(let one), .name(let next)): order.isDescending ? one >= next : one <= next
                case (.duration(let one), .duration(let next)): order.isDescending ? one >= next : one <= next
                default: false
                }
            #expect(isRight)
        }
    }

    @Test("the texts of a page are those that count, each joined as its language joins")
    func texts() async throws {
        let test = try TestArchive()
        let first = try await test.prepare(blocks: 1)
        try await test.hear("one", "two")
        var options = TranscriptionOptions()
        options.language = Language(code: "ja")
        let second = try await test.prepare(blocks: 1, options: options)
        try await test.archive.queue.finish(test.take(.finish))
        try await test.hear("こん", "にちは")
        let empty = try await test.accept().id
        let page = try await test.archive.library.list(limit: 10).items
        let texts = try await test.archive.library.textBeginnings(of: page)
        #expect(texts.mapValues(\.text) == [first: "one two", second: "こんにちは", empty: ""])
        #expect(texts.values.allSatisfy { !$0.isTruncated })
        #expect(try await test.archive.library.textBeginnings(of: []).isEmpty)
    }

    @Test(
        "of a long text a list has the beginning, and says so",
        arguments: [
            (Array(repeating: "word", count: 100), 499, false), (Array(repeating: "word", count: 101), 499, true),
            ([String(repeating: "x", count: 5000)], 5000, false), ([String(repeating: "x", count: 5001)], 5000, true),
        ]
    )
    func beginnings(texts: [String], length: Int, isTruncated: Bool) async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 1)
        try await test.hear("spoken")
        try await test.archive.queue.finish(test.take(.finish))
        var change = TranscriptionChange()
        change.text = .init(
            segments: texts.enumerated().map { EditedSegment(start: .init(milliseconds: $0), end: .init(milliseconds: $0 + 1), text: $1) },
            editedFrom: 0
        )
        let edited = try await test.archive.texts.edit(id, change).transcription
        let beginning = try await test.archive.library.textBeginnings(of: [edited])[id]
        #expect(beginning?.text.count == length)
        #expect(beginning?.isTruncated == isTruncated)
    }

    @Test("words are counted through the whole transcript and come in parts")
    func words() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 1)
        let job = try await test.take(.block)
        let segments = ["one two", "three"].enumerated().map { index, text in
            var segment = Segment(from: index * 1000, to: (index + 1) * 1000, text)
            segment.words = text.split(separator: " ").map {
                Word(start: segment.start, end: segment.end, text: String($0), probability: 0.5)
            }
            segment.wordTiming = .tokens
            return segment
        }
        try await test.archive.blocks.complete(job, segments: segments, removed: [], language: nil, processing: .zero)
        #expect(try await test.archive.texts.length(of: id) == 2)
        #expect(try await test.archive.texts.wordCount(of: id) == 3)
        let words = try await test.archive.texts.words(of: id, from: 1, limit: 5)
        #expect(words.map(\.word.text) == ["two", "three"])
        #expect(words.map(\.ordinal) == [1, 2])
        #expect(words.map(\.segment) == [0, 1])
        #expect(try await test.archive.texts.words(of: id, from: 0, limit: 1).map(\.word.text) == ["one"])
        #expect(try await test.archive.texts.segments(of: id, from: 1, limit: 1).map(\.segment.text) == ["three"])
    }

    @Test("the numbers are those of what is there")
    func statistics() async throws {
        let test = try TestArchive()
        #expect(try await test.archive.library.statistics() == LibraryStatistics())
        let done = try await test.prepare(blocks: 1)
        try await test.hear("one two", "three")
        try await test.archive.queue.finish(test.take(.finish))
        var options = TranscriptionOptions()
        options.language = Language(code: "zh")
        _ = try await test.prepare(blocks: 1, options: options)
        try await test.hear("你好 吗")
        let statistics = try await test.archive.library.statistics()
        #expect(statistics.transcriptions == [.completed: 1, .processing: 1])
        #expect(statistics.audioFiles == 1)
        #expect(statistics.bytes == 5)
        #expect(statistics.audio == Timestamp(milliseconds: 20_000))
        #expect(statistics.audioByModel == ["demo": Timestamp(milliseconds: 20_000)])
        #expect(statistics.words == 6)
        #expect(statistics.realTimeFactor == 0.0005)
        #expect(try await test.archive.library.delete(done))
        #expect(try await test.archive.library.statistics().realTimeFactor == nil)
    }
}
