import Archive
import Foundation
import NIOCore
import Postgres
import SystemPackage
import TestSupport
import Testing
import Transcripts

/// Uploads whose COMMIT is not answered.
@Suite("Uploads with a lost answer", .archiveDatabase)
struct UnansweredUploadTests {
    private func receive(into archive: Archive, resumable: Bool) async throws -> ReceivedFile {
        var bytes = [ByteBuffer(string: "sound")][...]
        guard resumable else { return try await archive.recordings.folder.receive(limit: nil) { bytes.popFirst() } }
        let open = try await archive.uploads.beginUpload(length: 5, metadata: "", lifetime: .seconds(60))
        let whole = try await archive.uploads.appendBytes(to: open, lifetime: .seconds(60)) { bytes.popFirst() }
        return try await archive.uploads.receivedFile(of: whole)
    }

    private func accept(_ received: ReceivedFile, into archive: Archive) async throws -> Transcription {
        try await archive.recordings.accept(
            received,
            filename: "talk.wav",
            mediaType: "audio/wav",
            duration: nil,
            request: TranscriptionRequest(model: "demo")
        ).transcription
    }

    @Test("the server committed: the upload is accepted like any other", arguments: [true, false])
    func committed(resumable: Bool) async throws {
        let test = try TestArchive()
        try await CommitCutter.with(FreshDatabase.conninfo) { cutter, conninfo in
            let database = Database(conninfo, connections: 2)
            let archive = Archive(database: database, folder: test.archive.recordings.folder)
            let received = try await receive(into: archive, resumable: resumable)
            cutter.order(.beforeClient)
            let transcription = try await accept(received, into: archive)
            #expect(cutter.cuts == 1)
            #expect(try test.storedFiles == [transcription.audioFile.storedFilename])
            #expect(try await test.archive.library.find(transcription.id) != nil)
            await database.close()
        }
    }

    @Test("the COMMIT never arrived: no row and no recording, but the bytes of a resumable upload wait", arguments: [true, false])
    func rolledBack(resumable: Bool) async throws {
        let test = try TestArchive()
        try await CommitCutter.with(FreshDatabase.conninfo) { cutter, conninfo in
            let database = Database(conninfo, connections: 2)
            let archive = Archive(database: database, folder: test.archive.recordings.folder)
            let received = try await receive(into: archive, resumable: resumable)
            cutter.order(.beforeServer)
            await #expect(throws: PostgresError.self) { try await accept(received, into: archive) }
            #expect(cutter.cuts == 1)
            #expect(try await test.archive.library.list(limit: 10).total == 0)
            #expect(try test.storedFiles == (resumable ? [received.path.lastComponent?.string] : []))
            if resumable { _ = try await accept(received, into: archive) }
            await database.close()
        }
    }
}
