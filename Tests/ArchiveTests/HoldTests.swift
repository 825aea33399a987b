import Archive
import Foundation
import Postgres
import SystemPackage
import Testing
import Transcripts

@Suite("Jobs that wait for the machine", .archiveDatabase)
struct HoldTests {
    private let full = Hold(code: "disk_full", message: "The disk is full.", kinds: [.prepare])

    private func heldBy(_ id: UUID, _ test: TestArchive) async throws -> Hold? {
        try await test.archive.library.estimate(of: test.current(id)).hold
    }

    @Test("a job that is put back counts no failure, however often, and says since when it waits")
    func putBack() async throws {
        let test = try TestArchive()
        let id = try await test.accept().id
        #expect(try await heldBy(id, test) == nil)
        let began = Date(timeIntervalSince1970: 1_000_000)
        for round in 0..<12 {
            let job = try await test.take(.prepare)
            #expect(job.failures == 0)
            #expect(try await heldBy(id, test) == nil, "it is being done")
            let since = began.addingTimeInterval(TimeInterval(round * 60))
            try await test.archive.queue.putBack(job, because: Hold(code: "disk_full", message: "Full.", since: since))
            await #expect(throws: LeaseLost.self) { try await test.archive.queue.renew(job, lease: .seconds(5)) }
        }
        let hold = try #require(try await heldBy(id, test))
        #expect(hold.code == "disk_full")
        #expect(hold.since == began)

        let job = try await test.take(.prepare)
        try await test.archive.blocks.append([], preparedUntil: .zero, spooledUntil: .zero, to: job)
        try await test.archive.queue.release(job)
        #expect(try await heldBy(id, test) == nil, "it has made progress")
    }

    @Test("a job that is put back for a while is not taken before")
    func pause() async throws {
        let test = try TestArchive()
        _ = try await test.accept()
        try await test.archive.queue.putBack(test.take(.prepare), because: full, for: .seconds(60))
        #expect(try await test.archive.queue.take(worker: "w", lease: .seconds(5)) == nil)
    }

    @Test("a transcription says what it waits for only if each running worker has a fault that keeps all of its jobs")
    func workers() async throws {
        let test = try TestArchive()
        let registry = test.archive.workers
        let waiting = try await test.accept().id
        #expect(try await heldBy(waiting, test) == nil)
        try await registry.announce(worker: "a", lanes: 1, holds: [full])
        #expect(try await heldBy(waiting, test)?.code == "disk_full")
        #expect(try await registry.holds().values.flatMap(\.self).map(\.message) == ["The disk is full."])

        try await registry.announce(worker: "b", lanes: 1)
        #expect(try await heldBy(waiting, test) == nil)
        let memory = Hold(code: "memory_full", message: "Too little memory.", kinds: [.prepare, .block], model: "demo")
        try await registry.announce(worker: "b", lanes: 1, holds: [memory])
        #expect(try await heldBy(waiting, test) != nil)
        let other = Hold(code: "memory_full", message: "Too little memory.", kinds: [.prepare, .block], model: "large-v3")
        try await registry.announce(worker: "b", lanes: 1, holds: [other])
        #expect(try await heldBy(waiting, test) == nil)

        try await registry.dismiss(worker: "b")
        #expect(try await heldBy(waiting, test)?.code == "disk_full")
        _ = try await test.archive.library.pause(waiting)
        #expect(try await heldBy(waiting, test) == nil)
    }

    @Test("blocks that are in the spool are recognized although the disk is full")
    func blocks() async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        try await test.archive.workers.announce(worker: "a", lanes: 1, holds: [full])
        #expect(try await heldBy(id, test) == nil)
    }

    @Test("the beginning and the end of a fault are events, once each")
    func events() async throws {
        let test = try TestArchive()
        let registry = test.archive.workers
        for holds in [[full], [full], [], []] { try await registry.announce(worker: "a", lanes: 1, holds: holds) }
        try await registry.announce(worker: "a", lanes: 1, holds: [full])
        try await registry.dismiss(worker: "a")
        let events = try await test.archive.events.read(after: 0, limit: 100).events.filter { $0.kind == .hold }
        #expect(events.map { $0.data.contains("\"is_over\": true") } == [false, true, false, true])
        #expect(events.allSatisfy { $0.data.contains("disk_full") })
    }

    @Test("a preparation that is far ahead continues when the text is stored far enough")
    func ahead() async throws {
        let test = try TestArchive(prepareAhead: Timestamp(milliseconds: 60_000))
        _ = try await test.accept(duration: Timestamp(milliseconds: 600_000))
        let job = try await test.take(.prepare)
        _ = try await test.archive.queue.begin(job)
        let blocks = (0..<4).map { StoredBlock(from: $0 * 20_000, to: ($0 + 1) * 20_000) }
        let end = Timestamp(milliseconds: 80_000)
        #expect(try await test.archive.blocks.append(blocks, preparedUntil: end, spooledUntil: end, to: job) == .zero)
        try await test.archive.queue.putBack(job, at: end, untilStored: Timestamp(milliseconds: 50_000))
        for _ in 0..<2 { try await test.hear("text") }
        #expect(try await test.archive.queue.take([.prepare], worker: "w", lease: .seconds(5)) == nil)
        let third = try await test.take(.block)
        let stored = try await test.archive.blocks.complete(third, segments: [], removed: [], language: nil, processing: .zero)
        #expect(stored == Timestamp(milliseconds: 60_000))
        #expect(try await test.take(.prepare).transcriptionID == job.transcriptionID)
    }

    @Test("no recording is prepared while more sound than that waits before its turn")
    func aheadOfAll() async throws {
        let test = try TestArchive(prepareAhead: Timestamp(milliseconds: 50_000))
        for _ in 0..<3 { _ = try await test.prepare(blocks: 1) }
        let fourth = try await test.accept()
        #expect(try await test.archive.queue.take([.prepare], worker: "w", lease: .seconds(5)) == nil)
        try await test.hear("text")
        #expect(try await test.take(.prepare).transcriptionID == fourth.id)
    }

    @Test("a recording whose sound has no room on the disk is refused before anything is stored, and the same file is not")
    func noRoom() async throws {
        let test = try TestArchive()
        let century = Timestamp(milliseconds: 100 * 365 * 86_400 * 1000)
        let error = await #expect(throws: ArchiveError.self) { _ = try await test.accept(duration: century, channels: 64) }
        guard case .noRoom(let needed, let free)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(needed > free)
        #expect(try test.storedFiles.isEmpty)
        #expect(try await test.archive.library.list(limit: 1).total == 0)
        #expect(try await test.accept(duration: Timestamp(milliseconds: 60_000)).state == .pending)
    }

    @Test("sound whose text is stored gives its disk back")
    func release() async throws {
        let test = try TestArchive()
        let (id, folder) = (UUID(), test.archive.recordings.folder)
        let noise = (0..<16_000 * 60).map { Float($0 % 200) / 400 }
        let spool = try await folder.spool(writing: id, channels: 1)
        try await spool.write([noise], at: 0)
        try await spool.flush()
        let path = folder.folder.appending("spool/\(id.uuidString.lowercased()).pcm")
        func blocks() throws -> Int {
            var information = stat()
            try #require(lstat(path.string, &information) == 0)
            return Int(information.st_blocks)
        }
        let before = try blocks()
        try await folder.releaseSpool(of: id, channels: 1, until: Timestamp(milliseconds: 45_000))
        #expect(try blocks() < before / 2)
        let reader = try #require(try await folder.spool(reading: id, channels: 1))
        let rest = try await reader.read(channel: 0, from: 45 * 16_000, count: 15 * 16_000)
        #expect(rest.count == 15 * 16_000 && rest.contains { $0 != 0 })
        // It says what it can't do for a spool that has gone.
        await #expect(throws: Errno.noSuchFileOrDirectory) { try await folder.releaseSpool(of: UUID(), channels: 1, until: .distantFuture) }
    }

    @Test("a spool is not made in a folder that is away, so that the folder can come back")
    func folderAway() async throws {
        let test = try TestArchive()
        let folder = test.archive.recordings.folder
        try FileManager.default.moveItem(atPath: folder.folder.string, toPath: folder.folder.string + ".away")
        await #expect(throws: Errno.noSuchFileOrDirectory) { _ = try await folder.spool(writing: UUID(), channels: 1) }
        await #expect(throws: Errno.noSuchFileOrDirectory) { try await folder.checkHealth() }
        try FileManager.default.createDirectory(atPath: folder.folder.string, withIntermediateDirectories: false)
        await #expect(throws: ArchiveError.self, "a folder without its volume is empty") { try await folder.checkHealth() }
        try FileManager.default.removeItem(atPath: folder.folder.string)
        try FileManager.default.moveItem(atPath: folder.folder.string + ".away", toPath: folder.folder.string)
        _ = try await test.accept()
        try await folder.checkHealth()
    }

    @Test("what is wrong with a file is kept with its transcription")
    func damage() async throws {
        let test = try TestArchive()
        let id = try await test.accept().id
        let job = try await test.take(.prepare)
        _ = try await test.archive.queue.begin(job)
        let damage = Damage(message: "Invalid data found", readUntil: Timestamp(milliseconds: 31_000))
        try await test.archive.blocks.prepared(job, until: damage.readUntil, duration: damage.readUntil, damage: damage)
        #expect(try await test.current(id).damage == damage)
    }

    @Test(
        "errors of the database and the file system say what they mean for the caller",
        arguments: [
            ("53100", ArchiveError.databaseFull), ("53200", .databaseBusy), ("53300", .databaseBusy), ("57014", .databaseBusy),
            ("55P03", .databaseBusy), ("08006", .databaseAway), ("57P03", .databaseAway), ("25006", .databaseAway),
        ]
    )
    func causes(state: String, meaning: ArchiveError) {
        #expect(ArchiveError(cause: PostgresError(.statement, state: state, message: "refused")) == meaning)
    }

    @Test(
        "a disk that is full or read-only is one meaning, whichever call says so",
        arguments: [Errno.noSpace, .diskQuotaExceeded, .readOnlyFileSystem]
    )
    func fullDisk(error: Errno) {
        #expect(ArchiveError(cause: error) == .diskFull(freeBytes: 0))
    }
}
