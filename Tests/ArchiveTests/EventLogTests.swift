import Archive
import Foundation
import TestSupport
import Testing
import Transcripts

@Suite("Kept events", .archiveDatabase)
struct EventLogTests {
    private struct Details: Decodable {
        let id: String
        let status: String?
        let progress: Double?
        let error_code: String?
    }

    private func kinds(_ test: TestArchive, after id: Int64 = 0) async throws -> [ArchiveEvent.Kind] {
        try await test.archive.events.read(after: id, limit: 1000).events.map(\.kind)
    }

    @Test("a transcription's life is written down; of its progress only the latest is kept")
    func life() async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        for text in ["one", "two", "three"] { try await test.hear(text) }
        #expect(try await kinds(test) == [.created, .status])
        let status = try #require(try await test.archive.events.read(after: 0, limit: 10).events.last)
        let details = try JSONDecoder().decode(Details.self, from: Data(status.data.utf8))
        #expect(details.id == id.uuidString.lowercased())
        #expect(details.status == "processing")
        #expect(details.progress == 0.99)
        try await test.archive.queue.finish(test.take(.finish))
        var change = TranscriptionChange()
        change.name = "A talk"
        _ = try await test.archive.texts.edit(id, change)
        #expect(try await test.archive.library.delete(id))
        #expect(try await kinds(test, after: status.id) == [.completed, .changed, .deleted])
    }

    @Test("failing, cancelling, and going on again are told, and what fails to be stored is not")
    func ends() async throws {
        let test = try TestArchive()
        let first = try await test.accept().id
        try await test.archive.queue.fail(test.take(), TranscriptionFailure(code: "engine_failed", message: "It broke."))
        _ = try await test.archive.library.retry(first)
        _ = try await test.archive.library.cancel(first)
        await #expect(throws: ArchiveError.notPossible(.cancelled)) { try await test.archive.library.cancel(first) }
        #expect(try await kinds(test) == [.created, .failed, .status, .cancelled])
    }

    @Test("a model's download is told, its latest state only")
    func models() async throws {
        let test = try TestArchive()
        for step in 0..<5 { try await test.archive.events.recordDownload(of: "tiny", ["progress": step]) }
        try await test.archive.events.recordDownload(of: "base", ["progress": 1])
        let events = try await test.archive.events.read(after: 0, limit: 10).events
        #expect(events.map(\.kind) == [.model, .model])
        #expect(events.first?.data == #"{"progress": 4}"#)
    }

    @Test("where nothing was thrown away, nothing is missing, although only the latest step is kept")
    func steps() async throws {
        let test = try TestArchive()
        for step in 0..<3 { try await test.archive.events.recordDownload(of: "tiny", ["progress": step]) }
        let events = try await test.archive.events.read(after: 0, limit: 10)
        #expect(events.events.count == 1)
        #expect(!events.isIncomplete(after: 0))
    }

    @Test("ids come in the order of the commits, so that a reader who goes on from the last one misses nothing")
    func order() async throws {
        let test = try TestArchive()
        let seen = try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask { try await test.archive.events.recordDownload(of: "model\(number)", ["number": number]) }
            }
            var seen: [ArchiveEvent] = []
            while seen.count < 40 {
                seen += try await test.archive.events.read(after: seen.last?.id ?? 0, limit: 3).events
            }
            try await group.waitForAll()
            return seen
        }
        #expect(seen.map(\.id) == seen.map(\.id).sorted())
        #expect(Set(seen.map(\.data)).count == 40)
    }

    @Test("only the newest are kept, and whoever has missed some can tell")
    func trimming() async throws {
        let test = try TestArchive()
        for number in 0..<10 { try await test.archive.events.recordDownload(of: "model\(number)", ["number": number]) }
        let all = try await test.archive.events.read(after: 0, limit: 100)
        #expect(!all.isIncomplete(after: 0))
        try await test.housekeeping(eventsKept: 3).trimEvents()
        let rest = try await test.archive.events.read(after: all.events[4].id, limit: 100)
        #expect(rest.events == Array(all.events.suffix(3)))
        #expect(rest.isIncomplete(after: all.events[4].id))
        #expect(rest.isIncomplete(after: all.events[5].id))
        #expect(!rest.isIncomplete(after: all.events[6].id))
        #expect(!rest.isIncomplete(after: all.newest))
        #expect(rest.isIncomplete(after: all.newest + 1))
        #expect(rest.isIncomplete(after: .max) && rest.isIncomplete(after: .min))
        try await test.housekeeping(eventsKept: 1).trimEvents()
        #expect(try await test.archive.events.read(after: 0, limit: 100).events == Array(all.events.suffix(1)))
    }
}
