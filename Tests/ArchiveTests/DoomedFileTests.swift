import Archive
import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

@Suite("Files whose deletion was promised", .archiveDatabase)
struct DoomedFileTests {
    /// Puts something in a file's place that can't be removed as a file, whoever asks.
    private func obstruct(_ name: String, in test: TestArchive) throws {
        try FileManager.default.removeItem(atPath: test.path(name).string)
        try FileManager.default.createDirectory(atPath: test.path(name).string, withIntermediateDirectories: false)
    }

    private func free(_ name: String, in test: TestArchive) throws {
        try FileManager.default.removeItem(atPath: test.path(name).string)
        try test.path(name).write(Data("sound".utf8))
    }

    @Test("a file that can't be removed is remembered with the reason, and removed when that is possible", arguments: [true, false])
    func obstructed(wholeRecording: Bool) async throws {
        let test = try TestArchive()
        let transcription = try await test.accept()
        let name = transcription.audioFile.storedFilename
        try obstruct(name, in: test)
        if wholeRecording {
            #expect(try await test.archive.recordings.deleteRecording(transcription.audioFile.id))
        } else {
            #expect(try await test.archive.library.delete(transcription.id))
        }
        let backlog = try await test.archive.doomedFiles.backlog()
        #expect(backlog.count == 1)
        #expect(backlog.since != nil)
        #expect(backlog.problem != nil)
        // It is not set aside as a lost file, and not forgotten.
        try await test.housekeeping().restoreOrder()
        #expect(try await test.archive.doomedFiles.backlog().count == 1)
        #expect(try await test.archive.lostFiles.list().isEmpty)
        try free(name, in: test)
        try await test.housekeeping().restoreOrder()
        #expect(try test.storedFiles.isEmpty)
        #expect(try await test.archive.doomedFiles.backlog().count == 0)
    }

    @Test("a deletion that was rolled back dooms nothing")
    func rolledBack() async throws {
        let test = try TestArchive()
        let transcription = try await test.accept()
        try await test.database.execute(
            script: """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';
                CREATE CONSTRAINT TRIGGER refuse AFTER DELETE ON transcriptions DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION refuse();
                """
        )
        await #expect(throws: PostgresError.self) { try await test.archive.library.delete(transcription.id) }
        #expect(try test.storedFiles == [transcription.audioFile.storedFilename])
        #expect(try await test.archive.doomedFiles.backlog().count == 0)
    }

    @Test("while the folder is not mounted no promise is taken for done")
    func notMounted() async throws {
        let test = try TestArchive()
        let transcription = try await test.accept()
        try FileManager.default.moveItem(atPath: test.path(".earshot-identity").string, toPath: test.path("marker").string)
        try FileManager.default.moveItem(atPath: test.path(transcription.audioFile.storedFilename).string, toPath: test.path("file").string)
        #expect(try await test.archive.library.delete(transcription.id))
        // The recording and its spool.
        #expect(try await test.archive.doomedFiles.backlog().count == 2)
        try FileManager.default.moveItem(atPath: test.path("marker").string, toPath: test.path(".earshot-identity").string)
        try FileManager.default.moveItem(atPath: test.path("file").string, toPath: test.path(transcription.audioFile.storedFilename).string)
        try await test.housekeeping().restoreOrder()
        #expect(try await test.archive.doomedFiles.backlog().count == 0)
        #expect(try test.storedFiles.isEmpty)
    }
}
