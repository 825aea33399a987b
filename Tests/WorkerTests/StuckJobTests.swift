import Archive
import Foundation
import ModelLibrary
import NIOCore
import Postgres
import SystemPackage
import TestSupport
import Testing
import Transcripts

@testable import Worker

@Suite(.freshDatabase) struct StuckJobTests {
    @Test("a worker whose job is stuck where it can't be stopped reports the silence, and ends with an error")
    func stuck() async throws {
        try await TemporaryFolder.with { folder in
            let database = Database(FreshDatabase.conninfo)
            try await Archive.migrate(database)
            let archive = Archive(database: database, folder: try RecordingFolder(folder.appending("uploads")))
            var pieces = [ByteBuffer(string: "sound")][...]
            let id = try await archive.recordings.accept(
                archive.recordings.folder.receive(limit: nil) { pieces.popFirst() },
                filename: "talk.wav",
                mediaType: "audio/wav",
                duration: nil,
                request: TranscriptionRequest(model: "demo")
            ).transcription.id
            // To open a pipe without a reader never ends, and nothing can stop it.
            let spools = folder.appending("uploads/spool")
            try FileManager.default.createDirectory(atPath: spools.string, withIntermediateDirectories: true)
            let pipe = spools.appending(id.uuidString.lowercased() + ".pcm")
            try #require(mkfifo(pipe.string, 0o600) == 0)
            let worker = Worker(
                queue: archive.queue,
                blocks: archive.blocks,
                recordings: archive.recordings.folder,
                registry: archive.workers,
                hub: EventHub(listener: NotificationListener(FreshDatabase.conninfo)),
                models: ModelLibrary(folder: folder.appending("models")),
                settings: WorkerSettings(name: "machine/1", timeLimit: .seconds(8), lanes: 1, cacheFolder: folder.appending("cache"))
            )
            let running = Task { try await worker.run() }
            try await eventually { try await archive.status.workers().first?.silence ?? .zero > .seconds(1) }
            #expect(try await ArchiveStatus.workers(onMachine: "machine", in: database).map(\.name) == ["machine/1"])
            await #expect(throws: JobStuck.self) { try await running.value }
            #expect(try await archive.status.workers().isEmpty)
            // Lets the thread go.
            let reader = try FileDescriptor.open(pipe, .readOnly, options: .nonBlocking)
            try reader.close()
        }
    }
}
