import Archive
import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

@Suite("The identity of database and folder", .archiveDatabase)
struct SharedIdentityTests {
    /// An archive whose folder has no marker yet.
    private func unmarked() throws -> TestArchive {
        let test = try TestArchive()
        try FileManager.default.removeItem(atPath: marker(of: test))
        return test
    }

    private func marker(of test: TestArchive) -> String { test.path(".earshot-identity").string }

    /// Makes the database another one, as far as its identity shows.
    private func exchangeDatabase(of test: TestArchive) async throws {
        try await test.database.execute("UPDATE archive_identity SET id = gen_random_uuid()")
    }

    @Test("an empty folder is marked, and belongs to its database from then on")
    func marked() async throws {
        let test = try unmarked()
        try await test.archive.identity.check()
        let id = try await test.database.row("SELECT id::text FROM archive_identity", as: String.self)
        #expect(try String(contentsOfFile: marker(of: test), encoding: .utf8) == "\(id ?? "")\n")
        try await test.archive.identity.check()
        _ = try await test.accept()
        try await test.archive.identity.check()
        try await exchangeDatabase(of: test)
        await #expect(throws: SharedIdentity.Refusal.otherDatabase(folder: test.archive.recordings.folder.folder)) {
            try await test.archive.identity.check()
        }
        #expect(try test.storedFiles.count == 1)
        try await test.archive.identity.adopt()
        try await test.archive.identity.check()
    }

    @Test("a folder with files that this database does not know is refused without a marker")
    func unknownFiles() async throws {
        let test = try unmarked()
        try test.path(UUID().uuidString.lowercased() + ".wav").write(Data("x".utf8))
        await #expect(throws: SharedIdentity.Refusal.noMarker(folder: test.archive.recordings.folder.folder)) {
            try await test.archive.identity.check()
        }
        try await test.archive.identity.adopt()
        try await test.archive.identity.check()
    }

    @Test("a folder of an earlier version, which has no marker, is marked because the database knows its files")
    func earlierVersion() async throws {
        let test = try unmarked()
        _ = try await test.accept()
        try await test.archive.identity.check()
        #expect(FileManager.default.fileExists(atPath: marker(of: test)))
        // From now on a missing marker means another folder.
        try FileManager.default.removeItem(atPath: marker(of: test))
        await #expect(throws: SharedIdentity.Refusal.self) { try await test.archive.identity.check() }
    }

    @Test("an empty folder is refused while the database has recordings: its volume may not be mounted")
    func notMounted() async throws {
        let test = try unmarked()
        try await test.archive.identity.check()
        let stored = try await test.accept().audioFile.storedFilename
        for name in [stored, ".earshot-identity"] { try FileManager.default.removeItem(atPath: test.path(name).string) }
        await #expect(throws: SharedIdentity.Refusal.emptyFolder(folder: test.archive.recordings.folder.folder, recordings: 1)) {
            try await test.archive.identity.check()
        }
    }

    @Test("of several processes that start at once with an empty folder, all agree")
    func race() async throws {
        let test = try unmarked()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await test.archive.identity.check() } }
            try await group.waitForAll()
        }
        try await test.archive.identity.check()
        #expect(try test.storedFiles.isEmpty)
    }
}
