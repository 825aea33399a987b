import Archive
import Foundation
import SystemPackage
import TestSupport
import Testing
import Transcripts

@Suite("The same sound again", .archiveDatabase)
struct DuplicateTests {
    private func accept(
        _ test: TestArchive,
        _ text: String = "sound",
        as filename: String = "talk.wav",
        model: String = "demo",
        options: TranscriptionOptions = TranscriptionOptions(),
        channels: Int = 1,
        wantsDuplicate: Bool = false
    ) async throws -> AcceptedTranscription {
        try await test.archive.recordings.accept(
            test.receive(text),
            filename: filename,
            mediaType: "audio/wav",
            duration: Timestamp(milliseconds: 60_000),
            channels: channels,
            request: TranscriptionRequest(model: model, options: options),
            wantsDuplicate: wantsDuplicate
        )
    }

    @Test("the same file asked for in the same way is one file and one transcription")
    func identical() async throws {
        let test = try TestArchive()
        let first = try await accept(test)
        let second = try await accept(test, as: "copy.wav")
        #expect(first.isNew && !second.isNew)
        #expect(second.transcription.id == first.transcription.id)
        #expect(second.transcription.shownName == "talk.wav")
        #expect(try test.storedFiles == [first.transcription.audioFile.storedFilename])
        #expect(try await test.archive.library.list(limit: 10).total == 1)
    }

    @Test("in another way, or if it is wanted once more, it is another transcription of the same file, under the name that it came with")
    func different() async throws {
        let test = try TestArchive()
        let first = try await accept(test).transcription
        var options = TranscriptionOptions()
        options.language = Language(code: "de")
        let others = [
            try await accept(test, model: "base"), try await accept(test, options: options), try await accept(test, channels: 2),
            try await accept(test, as: "copy.wav", wantsDuplicate: true),
        ]
        #expect(others.allSatisfy { $0.isNew && $0.transcription.audioFile == first.audioFile })
        #expect(Set(others.map(\.transcription.id) + [first.id]).count == 5)
        #expect(others.map(\.transcription.name) == [nil, nil, nil, "copy.wav"])
        #expect(try test.storedFiles == [first.audioFile.storedFilename])
        #expect(try await !accept(test, options: options).isNew)
        #expect(try await accept(test, "another sound").transcription.audioFile.id != first.audioFile.id)
    }

    @Test("one that failed or was cancelled is no answer")
    func failed() async throws {
        let test = try TestArchive()
        let first = try await accept(test).transcription.id
        _ = try await test.archive.library.cancel(first)
        let second = try await accept(test)
        #expect(second.isNew)
        try await test.archive.queue.fail(test.take(), TranscriptionFailure(code: "engine_failed", message: "It broke."))
        #expect(try await accept(test).isNew)
    }

    @Test("of many identical uploads at once one becomes a file and a transcription, and all are told of it", arguments: [false, true])
    func atOnce(wantsDuplicate: Bool) async throws {
        let test = try TestArchive()
        let accepted = try await withThrowingTaskGroup(of: AcceptedTranscription.self) { group in
            for _ in 0..<8 { group.addTask { try await accept(test, wantsDuplicate: wantsDuplicate) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(accepted.filter(\.isNew).count == (wantsDuplicate ? 8 : 1))
        #expect(Set(accepted.map(\.transcription.id)).count == (wantsDuplicate ? 8 : 1))
        #expect(Set(accepted.map(\.transcription.audioFile.id)).count == 1)
        #expect(try test.storedFiles.count == 1)
    }

    @Test("an upload that meets the deletion of the last transcription of its file has a file in the end", arguments: 0..<20)
    func deletedMeanwhile(round: Int) async throws {
        let test = try TestArchive()
        let first = try await accept(test).transcription
        async let deleted =
            round.isMultiple(of: 2) ? test.archive.library.delete(first.id) : test.archive.recordings.deleteRecording(first.audioFile.id)
        async let accepted = accept(test, model: "base")
        _ = try await deleted
        let left = try await accepted.transcription
        if let found = try await test.archive.library.find(left.id) {
            #expect(try test.storedFiles == [found.audioFile.storedFilename])
        } else {
            // The whole recording was deleted after the upload.
            #expect(!round.isMultiple(of: 2))
            #expect(try test.storedFiles.isEmpty)
        }
    }

    @Test("a file that somebody took out of the folder comes back with the next upload of it")
    func missing() async throws {
        let test = try TestArchive()
        let file = try await accept(test).transcription.audioFile.storedFilename
        try FileManager.default.removeItem(atPath: test.archive.recordings.folder.path(of: file).string)
        #expect(try await !accept(test).isNew)
        #expect(try test.storedFiles == [file])
    }

    @Test("a recording that is here is transcribed again, once in each way")
    func again() async throws {
        let test = try TestArchive()
        let file = try await accept(test).transcription.audioFile.id
        let same = TranscriptionRequest(model: "demo")
        let other = TranscriptionRequest(model: "base")
        #expect(try await !test.archive.recordings.transcribeAgain(file, request: same).isNew)
        let second = try await test.archive.recordings.transcribeAgain(file, request: other)
        #expect(second.isNew)
        #expect(try await test.archive.recordings.transcribeAgain(file, request: other).transcription.id == second.transcription.id)
        #expect(try await test.archive.recordings.transcribeAgain(file, request: other, wantsDuplicate: true).isNew)
        let nobody = UUID()
        await #expect(throws: ArchiveError.audioFileNotFound(nobody)) {
            try await test.archive.recordings.transcribeAgain(nobody, request: same)
        }
    }

    @Test("deleting a recording deletes all that was made of it, and the file")
    func deletion() async throws {
        let test = try TestArchive()
        let file = try await accept(test).transcription.audioFile.id
        _ = try await accept(test, model: "base")
        let other = try await accept(test, "another sound").transcription.audioFile.storedFilename
        #expect(try await test.archive.recordings.deleteRecording(file))
        #expect(try await test.archive.library.list(limit: 10).total == 1)
        #expect(try test.storedFiles == [other])
        #expect(try await !test.archive.recordings.deleteRecording(file))
    }
}
