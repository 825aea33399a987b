import Archive
import Foundation
import NIOCore
import SystemPackage
import TestSupport
import Testing
import Transcripts

@Suite(.archiveDatabase)
struct UploadTests {
    struct ClientGone: Error {}

    @Test("an accepted upload is a file, its row, a pending transcription and a job")
    func accepted() async throws {
        let test = try TestArchive()
        let transcription = try await test.accept(filename: "Talk.MP3")
        #expect(transcription.state == .pending)
        #expect(transcription.audioFile.sizeBytes == 5)
        #expect(try test.storedFiles == [transcription.audioFile.storedFilename])
        #expect(transcription.audioFile.storedFilename.hasSuffix(".mp3"))
        #expect(try await test.archive.queue.take(worker: "w", lease: .seconds(30))?.transcriptionID == transcription.id)
    }

    @Test("an upload that breaks off leaves nothing behind")
    func brokenOff() async throws {
        let test = try TestArchive()
        var pieces = [ByteBuffer(string: "half a so")][...]
        await #expect(throws: ClientGone.self) {
            _ = try await test.archive.recordings.folder.receive(limit: nil) {
                guard let piece = pieces.popFirst() else { throw ClientGone() }
                return piece
            }
        }
        #expect(try test.storedFiles.isEmpty)
    }

    @Test("an upload over the limit is refused as soon as it is over, and leaves nothing behind")
    func tooLarge() async throws {
        let test = try TestArchive()
        var asked = 0
        await #expect(throws: ArchiveError.uploadTooLarge(limitBytes: 10)) {
            _ = try await test.archive.recordings.folder.receive(limit: 10) {
                asked += 1
                return ByteBuffer(string: "seven b")
            }
        }
        #expect(asked == 2)
        #expect(try test.storedFiles.isEmpty)
    }

    @Test("when the rows can't be stored, the file goes too")
    func rowsRefused() async throws {
        let test = try TestArchive()
        await #expect(throws: (any Error).self) {
            _ = try await test.archive.recordings.accept(
                test.receive(),
                filename: "talk.wav",
                mediaType: "audio/wav",
                duration: Timestamp(milliseconds: -1),
                request: TranscriptionRequest(model: "demo")
            )
        }
        #expect(try test.storedFiles.isEmpty)
        #expect(try await test.archive.library.list(limit: 10, offset: 0).total == 0)
    }

    @Test(
        "a client's file name is kept for people and never becomes a path",
        arguments: [
            ("../../etc/passwd", "passwd", ""), ("C:\\talks\\Rede.wav", "Rede.wav", ".wav"), ("", "recording", ""),
            ("..", "recording", ""), ("a\u{0}b\n.mp3", "ab.mp3", ".mp3"), ("sh.$(rm -rf x)", "sh.$(rm -rf x)", ""),
            ("مقابلة.m4a", "مقابلة.m4a", ".m4a"),
        ]
    )
    func filenames(given: String, shown: String, ending: String) async throws {
        let test = try TestArchive()
        let file = try await test.accept(filename: given).audioFile
        #expect(file.originalFilename == shown)
        #expect(file.storedFilename == file.id.uuidString.lowercased() + ending)
    }

    @Test("deleting the last transcription of a file deletes the file")
    func delete() async throws {
        let test = try TestArchive()
        let transcription = try await test.accept()
        #expect(try await test.archive.library.delete(transcription.id))
        #expect(try test.storedFiles.isEmpty)
        #expect(try await test.archive.library.find(transcription.id) == nil)
        #expect(try await test.archive.queue.take(worker: "w", lease: .seconds(30)) == nil)
        #expect(try await !test.archive.library.delete(transcription.id))
    }

    @Test("a page tells how many there are in all, newest first")
    func pages() async throws {
        let test = try TestArchive()
        var ids: [UUID] = []
        for _ in 0..<5 { ids.append(try await test.accept().id) }
        let page = try await test.archive.library.list(limit: 2, offset: 1)
        #expect(page.total == 5)
        #expect(page.items.map(\.id) == [ids[3], ids[2]])
    }
}
