import Archive
import Foundation
import Postgres
import TestSupport
import Testing
import Transcripts

@Suite("Workers and their models", .archiveDatabase)
struct WorkerModelTests {
    @Test("a worker only takes jobs for whose model it has the file")
    func matching() async throws {
        let test = try TestArchive()
        let transcription = try await test.accept()
        #expect(try await test.archive.workers.neededModels() == ["demo"])
        #expect(try await test.archive.queue.take(models: ["base", "tiny"], worker: "w", lease: .seconds(30)) == nil)
        #expect(try await test.archive.queue.take(models: [], worker: "w", lease: .seconds(30)) == nil)
        let job = try #require(try await test.archive.queue.take(models: ["base", "demo"], worker: "w", lease: .seconds(30)))
        #expect(job.transcriptionID == transcription.id)
    }

    @Test("a recording whose blocks are all done is finished by any worker, even without its model")
    func finishing() async throws {
        let test = try TestArchive()
        _ = try await test.prepare(blocks: 1)
        try await test.hear("one")
        let job = try #require(try await test.archive.queue.take(models: [], worker: "w", lease: .seconds(30)))
        #expect(job.kind == .finish)
    }

    @Test("what waits for a model that can't be had ends with the reason, and nothing else does")
    func refusal() async throws {
        let test = try TestArchive()
        let done = try await test.prepare(blocks: 1)
        _ = try await test.archive.library.cancel(done)
        let waiting = try await test.accept().id
        try await test.archive.library.failAll(waitingFor: "base", TranscriptionFailure(code: "x", message: "not this one"))
        #expect(try await test.archive.library.find(waiting)?.state == .pending)
        try await test.archive.library.failAll(waitingFor: "demo", TranscriptionFailure(code: "model_unavailable", message: "No network."))
        let failed = try #require(try await test.archive.library.find(waiting))
        #expect(failed.state == .failed)
        #expect(failed.failure?.message == "No network.")
        #expect(try await test.archive.library.find(done)?.state == .cancelled)
        #expect(try await test.archive.workers.neededModels() == [])
        #expect(try await test.archive.queue.take(worker: "w", lease: .seconds(30)) == nil)
    }

    @Test("what workers say of their models is told as long as they are there")
    func reports() async throws {
        let test = try TestArchive()
        let loaded = WorkerModel(name: "base", state: .loaded, memoryBytes: 300_000_000)
        let failed = WorkerModel(name: "odd \"one\"", state: .failed, message: "It doesn’t fit.")
        try await test.archive.workers.announce(worker: "a", lanes: 1, models: [loaded])
        try await test.archive.workers.announce(worker: "b", lanes: 2, models: [failed])
        #expect(try await test.archive.workers.models() == [loaded, failed])
        try await test.archive.workers.announce(worker: "a", lanes: 1)
        try await test.archive.workers.dismiss(worker: "b")
        #expect(try await test.archive.workers.models() == [])
    }

    @Test("a request reaches every worker that listens")
    func requests() async throws {
        let test = try TestArchive()
        let hub = EventHub(listener: NotificationListener(FreshDatabase.conninfo))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await hub.run() }
            var first = hub.modelRequests().makeAsyncIterator()
            var second = hub.modelRequests().makeAsyncIterator()
            var ready = hub.jobs().makeAsyncIterator()
            // At once, and once more when the connection stands; a job makes sure that there is a second time.
            _ = await ready.next()
            _ = try await test.accept()
            _ = await ready.next()
            try await test.archive.workers.ask(.load("large-v3"))
            try await test.archive.workers.ask(.unload("my model"))
            #expect(await first.next() == .load("large-v3"))
            #expect(await second.next() == .load("large-v3"))
            #expect(await first.next() == .unload("my model"))
            group.cancelAll()
        }
    }
}
