import Archive
import Foundation
import Postgres
import ServiceLifecycle
import TestSupport
import Testing
import Transcripts

@Suite(.archiveDatabase)
struct EventHubTests {
    @Test("readers of one transcription wake at its changes only, and workers at new jobs")
    func wakes() async throws {
        let test = try TestArchive()
        let hub = EventHub(listener: NotificationListener(FreshDatabase.conninfo))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await hub.run() }
            let first = try await test.accept()
            let second = try await test.accept()
            var changes = hub.changes(of: first.id).makeAsyncIterator()
            var other = hub.changes(of: second.id).makeAsyncIterator()
            var jobs = hub.jobs().makeAsyncIterator()
            // At once, and once more when the hub's connection stands: both may become one.
            #expect(await changes.next() != nil)
            #expect(await other.next() != nil)
            #expect(await jobs.next() != nil)

            let job = try #require(try await test.archive.queue.take(worker: "w", lease: .seconds(30)))
            _ = try await test.archive.queue.begin(job)
            #expect(await changes.next() != nil)
            _ = try await test.accept()
            #expect(await jobs.next() != nil)
            #expect(try await test.archive.library.delete(second.id))
            #expect(await other.next() != nil)
            group.cancelAll()
        }
    }
}
