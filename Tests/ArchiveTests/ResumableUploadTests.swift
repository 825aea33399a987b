import Archive
import Foundation
import NIOCore
import Postgres
import SystemPackage
import TestSupport
import Testing
import Transcripts

/// Uploads that arrive in several requests.
@Suite(.archiveDatabase)
struct ResumableUploadTests {
    struct ClientGone: Error {}

    @Test("an upload goes on where it broke off, and becomes the transcription of all its bytes")
    func goesOn() async throws {
        let test = try TestArchive()
        let id = try await begin(test, length: 10)
        await #expect(throws: ClientGone.self) { try await append(["half"], to: id, of: test, then: ClientGone()) }
        #expect(try await test.archive.uploads.findUpload(id).offset == 4)
        let whole = try await append([" a ", "sou"], to: id, of: test)
        #expect(whole.upload.isWhole)
        let transcription = try await accept(whole, in: test)
        #expect(transcription.audioFile.sizeBytes == 10)
        #expect(try test.storedFiles == [transcription.audioFile.storedFilename])
        #expect(try test.archive.recordings.folder.path(of: transcription.audioFile.storedFilename).contents() == Data("half a sou".utf8))
        let sha256 = try await test.database.row("SELECT sha256 FROM audio_files", as: String.self)
        let truth = try await test.database.row("SELECT encode(sha256(convert_to('half a sou', 'UTF8')), 'hex')", as: String.self)
        #expect(sha256 == truth)

        let upload = try await test.archive.uploads.findUpload(id)
        #expect(upload.transcriptionID == transcription.id)
        #expect(upload.offset == 10)
        #expect(try await test.archive.library.delete(transcription.id))
        await #expect(throws: ArchiveError.uploadNotFound(id)) { try await test.archive.uploads.findUpload(id) }
    }

    @Test("an upload can be opened once at a time")
    func locked() async throws {
        let test = try TestArchive()
        let open = try await test.archive.uploads.beginUpload(length: 10, metadata: "", lifetime: .seconds(60))
        await #expect(throws: ArchiveError.uploadInUse(open.upload.id)) { try await test.archive.uploads.openUpload(open.upload.id) }
        try await test.archive.uploads.removeUpload(open)
        await #expect(throws: ArchiveError.uploadNotFound(open.upload.id)) { try await test.archive.uploads.openUpload(open.upload.id) }
        #expect(try test.storedFiles.isEmpty)
    }

    @Test("more bytes than were announced are refused before they are written")
    func overflow() async throws {
        let test = try TestArchive()
        let id = try await begin(test, length: 5)
        await #expect(throws: ArchiveError.uploadOverflow(lengthBytes: 5)) { try await append(["abc", "def"], to: id, of: test) }
        #expect(try await test.archive.uploads.findUpload(id).offset == 3)
    }

    @Test("a disk without room for all of it refuses an upload at its beginning, and the next bytes of one that has begun")
    func diskFull() async throws {
        let test = try TestArchive(reserve: .max)
        await #expect(throws: ArchiveError.self) { try await begin(test, length: 5) }
        let roomy = try TestArchive()
        await #expect(throws: ArchiveError.self) { try await begin(roomy, length: .max) }
        #expect(try test.storedFiles.isEmpty && roomy.storedFiles.isEmpty)
        let full = try TestArchive(reserve: .max)
        await #expect(throws: ArchiveError.self) { try await full.receive() }
        #expect(try full.storedFiles.isEmpty)
    }

    @Test("the sweep at the start leaves an unfinished upload alone until it has expired, and one in use longer than that")
    func sweep() async throws {
        let test = try TestArchive()
        let fresh = try await begin(test, length: 10)
        let expired = try await begin(test, length: 10, lifetime: .zero)
        let inUse = try await test.archive.uploads.beginUpload(length: 10, metadata: "", lifetime: .zero)
        try await append(["half"], to: fresh, of: test)
        try await test.housekeeping().restoreOrder()
        #expect(try Set(test.storedFiles) == [fresh, inUse.upload.id].reduce(into: []) { $0.insert("\($1.uuidString.lowercased()).part") })
        #expect(try await test.archive.uploads.findUpload(fresh).offset == 4)
        await #expect(throws: ArchiveError.uploadNotFound(expired)) { try await test.archive.uploads.findUpload(expired) }
        // What comes puts its end off.
        let more = try await test.archive.uploads.appendBytes(to: inUse, lifetime: .seconds(60)) { nil }
        #expect(more.upload.expiresAt > inUse.upload.expiresAt)
        try await test.housekeeping().removeExpiredUploads()
        #expect(try await test.archive.uploads.findUpload(inUse.upload.id).offset == 0)
    }

    @Test("when the rows can't be stored, the bytes wait for another try")
    func rowsRefused() async throws {
        let test = try TestArchive()
        let id = try await begin(test, length: 5)
        let whole = try await append(["sound"], to: id, of: test)
        await #expect(throws: (any Error).self) { try await accept(whole, in: test, duration: Timestamp(milliseconds: -1)) }
        #expect(try test.storedFiles == ["\(id.uuidString.lowercased()).part"])
        #expect(try await test.archive.uploads.findUpload(id).isWhole)
        let transcription = try await accept(whole, in: test)
        #expect(try await test.archive.uploads.findUpload(id).transcriptionID == transcription.id)
    }

    private func begin(_ test: TestArchive, length: Int64, lifetime: Duration = .seconds(60)) async throws -> UUID {
        try await test.archive.uploads.beginUpload(length: length, metadata: "filename eA==", lifetime: lifetime).upload.id
    }

    /// Brings pieces in a request, which ends well or with an error.
    @discardableResult
    private func append(_ pieces: [String], to id: UUID, of test: TestArchive, then error: (any Error)? = nil) async throws -> OpenUpload {
        var rest = pieces[...]
        return try await test.archive.uploads.appendBytes(to: test.archive.uploads.openUpload(id), lifetime: .seconds(60)) {
            if let piece = rest.popFirst() { return ByteBuffer(string: piece) }
            if let error { throw error }
            return nil
        }
    }

    @discardableResult
    private func accept(
        _ open: OpenUpload,
        in test: TestArchive,
        duration: Timestamp = Timestamp(milliseconds: 1000)
    ) async throws -> Transcription {
        try await test.archive.recordings.accept(
            test.archive.uploads.receivedFile(of: open),
            filename: "talk.wav",
            mediaType: "audio/wav",
            duration: duration,
            request: TranscriptionRequest(model: "demo"),
            wantsDuplicate: true
        ).transcription
    }
}
