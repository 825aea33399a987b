import Archive
import EarshotTesting
import Foundation
import NIOCore
import Postgres
import SystemPackage
import Testing
import Transcripts

/// An archive of a test's own: its tables in the test's database, its files in a folder that goes with it.
final class TestArchive: Sendable {
    let archive: Archive
    let database: Database
    private let folder: FilePath

    init() throws {
        folder = FilePath(NSTemporaryDirectory()).appending("archive-" + UUID().uuidString)
        database = Database(FreshDatabase.conninfo, connections: 4)
        archive = Archive(database: database, files: try AudioFiles(folder: folder))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.string) }

    /// The names of the files in the uploads folder.
    var storedFiles: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.string) }
    }

    /// Receives a small upload.
    func receive(_ text: String = "sound") async throws -> ReceivedFile {
        var pieces = [ByteBuffer(string: text)][...]
        return try await archive.files.receive(limit: nil) { pieces.popFirst() }
    }

    /// Accepts a small upload.
    func accept(filename: String = "talk.wav", duration: Timestamp? = Timestamp(milliseconds: 60_000)) async throws -> Transcription {
        try await archive.accept(
            receive(),
            filename: filename,
            mediaType: "audio/wav",
            duration: duration,
            request: TranscriptionRequest(model: "demo")
        )
    }

    /// What the archive knows of a transcription now.
    func current(_ id: UUID) async throws -> Transcription {
        try #require(try await archive.transcription(id))
    }
}

extension Trait where Self == FreshDatabase {
    /// A database with the archive's tables for each test.
    static var archiveDatabase: Self {
        .freshDatabase(template: "archive") { conninfo in
            let database = Database(conninfo, connections: 1)
            try await Archive.migrate(database)
            await database.close()
        }
    }
}

extension Segment {
    /// A segment of a test.
    init(from start: Int, to end: Int, _ text: String) {
        self.init(
            start: Timestamp(milliseconds: start),
            end: Timestamp(milliseconds: end),
            text: text,
            averageLogProbability: -0.25,
            noSpeechProbability: nil,
            words: nil
        )
    }
}
