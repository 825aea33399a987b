import Archive
import Foundation
import NIOCore
import Postgres
import SystemPackage
import TestSupport
import Testing
import Transcripts

/// The folder of recordings after a process that was killed between a file and its row.
@Suite("Order in the folder of recordings", .archiveDatabase)
struct FolderOrderTests {
    private func accept(_ received: ReceivedFile, in test: TestArchive) async throws -> Transcription {
        try await test.archive.recordings.accept(
            received,
            filename: "talk.wav",
            mediaType: "audio/wav",
            duration: nil,
            request: TranscriptionRequest(model: "demo")
        ).transcription
    }

    private func makeFile(_ name: String, in test: TestArchive, age: TimeInterval = 60) throws {
        try test.path(name).write(Data("x".utf8))
        try FileManager.default.setAttributes([.modificationDate: Date.now - age], ofItemAtPath: test.path(name).string)
    }

    private func wholeUpload(in test: TestArchive, lifetime: Duration = .seconds(60)) async throws -> OpenUpload {
        var bytes = [ByteBuffer(string: "sound")][...]
        let open = try await test.archive.uploads.beginUpload(length: 5, metadata: "", lifetime: lifetime)
        return try await test.archive.uploads.appendBytes(to: open, lifetime: lifetime) { bytes.popFirst() }
    }

    @Test("a file without a row is set aside, never deleted; the beginning of an upload goes; what is in use or foreign stays")
    func unknownFiles() async throws {
        let test = try TestArchive()
        let kept = try await test.accept().audioFile.storedFilename
        let inFlight = try await test.receive()
        let orphan = UUID().uuidString.lowercased() + ".wav"
        let partial = UUID().uuidString.lowercased() + ".part"
        for name in [orphan, partial, "notes.txt"] { try makeFile(name, in: test) }
        try await test.housekeeping().restoreOrder()
        #expect(try Set(test.storedFiles) == [kept, inFlight.path.lastComponent?.string ?? "", "notes.txt"])
        let lost = try await test.archive.lostFiles.list()
        #expect(lost.map(\.name) == [orphan])
        #expect(lost.map(\.size) == [1])
        withExtendedLifetime(inFlight) {}
    }

    @Test("a database that knows no recording costs none of the files; they come back when it knows them again")
    func forgottenRows() async throws {
        let test = try TestArchive()
        let files = [try await test.accept("one").audioFile.storedFilename, try await test.accept("two").audioFile.storedFilename]
        try await test.database.execute(script: "CREATE TABLE kept AS TABLE audio_files; DELETE FROM audio_files")
        try await test.housekeeping().restoreOrder()
        #expect(try test.storedFiles.isEmpty)
        #expect(try await Set(test.archive.lostFiles.list().map(\.name)) == Set(files))
        try await test.database.execute(script: "INSERT INTO audio_files SELECT * FROM kept")
        try await test.housekeeping().restoreOrder()
        #expect(try Set(test.storedFiles) == Set(files))
        #expect(try await test.archive.lostFiles.list().isEmpty)
    }

    @Test("a lost file becomes a recording again, and stays where it is if that fails")
    func takenBack() async throws {
        let test = try TestArchive()
        let orphan = UUID().uuidString.lowercased() + ".wav"
        try makeFile(orphan, in: test)
        try await test.housekeeping().restoreOrder()
        let file = try #require(try await test.archive.lostFiles.list().first)
        try await test.database.execute(script: "ALTER TABLE transcriptions ADD CONSTRAINT refuse CHECK (model <> 'demo') NOT VALID")
        await #expect(throws: PostgresError.self) { try await accept(test.archive.lostFiles.receivedFile(of: file), in: test) }
        #expect(try await test.archive.lostFiles.list() == [file])
        #expect(try test.storedFiles.isEmpty)
        try await test.database.execute(script: "ALTER TABLE transcriptions DROP CONSTRAINT refuse")
        let stored = try await accept(test.archive.lostFiles.receivedFile(of: file), in: test).audioFile.storedFilename
        #expect(try test.storedFiles == [stored])
        #expect(try await test.archive.lostFiles.list().isEmpty)
    }

    @Test("lost files are removed when their grace time is over, by the day on which they were set aside")
    func grace() async throws {
        let test = try TestArchive()
        for day in ["2020-01-01", "2999-01-01", "notes"] {
            try FileManager.default.createDirectory(atPath: test.path("lost/\(day)").string, withIntermediateDirectories: true)
            try makeFile("lost/\(day)/talk.wav", in: test)
        }
        try await test.housekeeping(lostFilesKept: nil).removeLostFiles()
        #expect(try await test.archive.lostFiles.list().map(\.day) == ["2020-01-01", "2999-01-01"])
        try await test.housekeeping(lostFilesKept: .seconds(86_400 * 30)).removeLostFiles()
        #expect(try await test.archive.lostFiles.list().map(\.day) == ["2999-01-01"])
        #expect(FileManager.default.fileExists(atPath: test.path("lost/notes/talk.wav").string))
    }

    @Test("a process that was killed after its commit left a second name, which goes")
    func acceptedTwice() async throws {
        let test = try TestArchive()
        let stored = try await test.accept().audioFile.storedFilename
        let partial = UUID().uuidString.lowercased() + ".part"
        try FileManager.default.linkItem(atPath: test.path(stored).string, toPath: test.path(partial).string)
        try FileManager.default.setAttributes([.modificationDate: Date.now - 60], ofItemAtPath: test.path(stored).string)
        try await test.housekeeping().restoreOrder()
        #expect(try test.storedFiles == [stored])
    }

    @Test("a process that was killed before its commit left a second name: a resumable upload keeps its bytes under the first")
    func unacceptedUpload() async throws {
        let test = try TestArchive()
        let id: UUID
        do {
            let open = try await wholeUpload(in: test)
            id = open.upload.id
            let received = try await test.archive.uploads.receivedFile(of: open)
            let stored = test.path(UUID().uuidString.lowercased() + ".wav").string
            try FileManager.default.linkItem(atPath: received.path.string, toPath: stored)
        }
        #expect(try test.storedFiles.count == 2)
        // The lock goes with the last value that holds it.
        try await eventually {
            try await test.housekeeping().restoreOrder()
            return try test.storedFiles == ["\(id.uuidString.lowercased()).part"]
        }
        #expect(try await test.archive.lostFiles.list().isEmpty)
        #expect(try await test.archive.uploads.unacceptedUploads() == [id])
        #expect(try await test.archive.uploads.findUpload(id).isWhole)
    }

    @Test("an upload that is whole but was never accepted is set aside when it expires")
    func expiredWhole() async throws {
        let test = try TestArchive()
        let id = try await wholeUpload(in: test, lifetime: .zero).upload.id
        try await eventually {
            try await test.housekeeping().removeExpiredUploads()
            return try test.storedFiles.isEmpty
        }
        #expect(try await test.archive.lostFiles.list().map(\.name) == ["\(id.uuidString.lowercased()).part"])
    }
}
