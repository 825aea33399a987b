import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing
import Transcripts

@testable import Archive

/// What happens while the database, or one of its locks, is in use for long.
@Suite(.archiveDatabase) struct WaitingTests {
    @Test("while requests hold all connections, leases are taken and renewed, workers report, and health is checked")
    func reserve() async throws {
        try await TemporaryFolder.with { folder in
            let database = Database(FreshDatabase.conninfo, connections: 1)
            let reserve = Database(FreshDatabase.conninfo, connections: 2)
            let archive = Archive(database: database, reserve: reserve, folder: try RecordingFolder(folder))
            let test = try TestArchive()
            _ = try await test.accept()
            try await archive.identity.check()
            let request = Task { try await database.execute("SELECT pg_sleep(600)") }
            try await eventually {
                try await reserve.row("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'", as: Int.self) == 1
            }
            let job = try #require(try await archive.queue.take(worker: "w", lease: .seconds(30)))
            try await archive.queue.renew(job, lease: .seconds(30))
            #expect(try await archive.queue.isWanted(job))
            try await archive.workers.announce(worker: "machine/1", lanes: 2, silence: .seconds(90))
            let worker = try #require(try await archive.status.workers().first)
            #expect(worker.lanes == 2 && worker.silence.map { $0 >= .seconds(90) } == true)
            try await archive.status.checkDatabase()
            try await archive.status.checkFolder()
            #expect(try await archive.status.queue() == ArchiveStatus.Queue(waiting: 0, oldest: .zero))
            request.cancel()
            _ = try? await request.value
        }
    }

    @Test("a frozen holder of the event lock holds up an edit only for so long, which is then refused as busy")
    func eventLock() async throws {
        let test = try TestArchive()
        let id = try await test.transcribed("hello", language: "en")
        let holder = Database(FreshDatabase.conninfo, connections: 1)
        let frozen = Task {
            try await holder.transaction { session in
                try session.lockEvents()
                try session.execute("SELECT pg_sleep(600)")
            }
        }
        try await eventually {
            try await test.database.row("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'", as: Int.self) == 1
        }
        var limits = DatabaseLimits()
        limits.lock = .milliseconds(300)
        let hasty = Database(FreshDatabase.conninfo, connections: 1, limits: limits)
        let texts = TextStore(database: hasty)
        var change = TranscriptionChange()
        change.name = "New"
        let wanted = change
        let error = await #expect(throws: PostgresError.self) { try await texts.edit(id, wanted) }
        #expect(error?.state == "55P03")
        #expect(error.flatMap { ArchiveError(cause: $0) } == .databaseBusy)
        #expect(try await test.current(id).shownName == "talk.wav")
        frozen.cancel()
        _ = try? await frozen.value
        #expect(try await texts.edit(id, wanted).transcription.shownName == "New")
    }

    @Test("the folder's check finds that it is missing")
    func folder() async throws {
        let test = try TestArchive()
        try await test.archive.status.checkFolder()
        #expect(try test.storedFiles == [])
        let folder = test.archive.recordings.folder.folder
        try FileManager.default.removeItem(atPath: folder.string)
        await #expect(throws: Errno.noSuchFileOrDirectory) { try await test.archive.status.checkFolder() }
    }
}
