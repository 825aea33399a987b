import Archive
import Foundation
import NIOCore
import Postgres
import SystemPackage
import TestSupport
import Testing
import Transcripts

@Suite("Received files", .archiveDatabase)
struct ReceivedFileTests {
    private func accept(_ received: ReceivedFile, in test: TestArchive, duration: Int = 1000) async throws -> Transcription {
        try await test.archive.recordings.accept(
            received,
            filename: "talk.wav",
            mediaType: "audio/wav",
            duration: Timestamp(milliseconds: duration),
            request: TranscriptionRequest(model: "demo"),
            wantsDuplicate: true
        ).transcription
    }

    /// Has the database refuse new transcriptions in the commit itself, after the file was kept.
    private func refuseCommits(of test: TestArchive) async throws {
        try await test.database.execute(
            script: """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';
                CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON transcriptions DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION refuse();
                """
        )
    }

    @Test("one that is released without being accepted removes itself")
    func released() async throws {
        let test = try TestArchive()
        var received: ReceivedFile? = try await test.receive()
        #expect(try test.storedFiles.count == 1)
        _ = received
        received = nil
        try await eventually { try test.storedFiles.isEmpty }
    }

    @Test("one that was accepted stays when it is released")
    func accepted() async throws {
        let test = try TestArchive()
        var received: ReceivedFile? = try await test.receive()
        let file = try await accept(#require(received), in: test).audioFile
        received = nil
        #expect(try test.storedFiles == [file.storedFilename])
        // A second copy of the same content is not needed.
        received = try await test.receive()
        #expect(try await accept(#require(received), in: test).audioFile == file)
        #expect(try test.storedFiles == [file.storedFilename])
        received = nil
        #expect(try test.storedFiles == [file.storedFilename])
    }

    @Test("where the rows can't be stored the file goes, also if only the commit is refused")
    func refused() async throws {
        let test = try TestArchive()
        await #expect(throws: (any Error).self) { try await accept(test.receive(), in: test, duration: -1) }
        #expect(try test.storedFiles.isEmpty)
        try await refuseCommits(of: test)
        await #expect(throws: PostgresError.self) { try await accept(test.receive(), in: test) }
        #expect(try test.storedFiles.isEmpty)
    }

    @Test("a resumable upload whose acceptance was refused can be accepted later")
    func refusedUpload() async throws {
        let test = try TestArchive()
        var bytes = [ByteBuffer(string: "sound")][...]
        let open = try await test.archive.uploads.beginUpload(length: 5, metadata: "", lifetime: .seconds(60))
        let whole = try await test.archive.uploads.appendBytes(to: open, lifetime: .seconds(60)) { bytes.popFirst() }
        try await refuseCommits(of: test)
        await #expect(throws: PostgresError.self) { try await accept(test.archive.uploads.receivedFile(of: whole), in: test) }
        #expect(try test.storedFiles == [open.upload.id.uuidString.lowercased() + ".part"])
        try await test.database.execute(script: "DROP TRIGGER refuse ON transcriptions; DROP FUNCTION refuse")
        let file = try await accept(test.archive.uploads.receivedFile(of: whole), in: test).audioFile
        #expect(try test.storedFiles == [file.storedFilename])
    }

    @Test("a file that was put back for a recording that lost it stays there, even if the request then fails")
    func restored() async throws {
        let test = try TestArchive()
        let file = try await accept(test.receive(), in: test).audioFile.storedFilename
        try FileManager.default.removeItem(atPath: test.archive.recordings.folder.path(of: file).string)
        try await refuseCommits(of: test)
        await #expect(throws: PostgresError.self) { try await accept(test.receive(), in: test) }
        #expect(try test.storedFiles == [file])
    }

    @Test("one that came by a resumable upload stays for another attempt")
    func resumable() async throws {
        let test = try TestArchive()
        var bytes = [ByteBuffer(string: "sound")][...]
        let open = try await test.archive.uploads.beginUpload(length: 5, metadata: "", lifetime: .seconds(60))
        let whole = try await test.archive.uploads.appendBytes(to: open, lifetime: .seconds(60)) { bytes.popFirst() }
        var received: ReceivedFile? = try await test.archive.uploads.receivedFile(of: whole)
        _ = received
        received = nil
        #expect(try test.storedFiles.count == 1)
        let file = try await accept(test.archive.uploads.receivedFile(of: whole), in: test).audioFile
        #expect(try test.storedFiles == [file.storedFilename])
    }
}
