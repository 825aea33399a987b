import Archive
import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

@Suite("Search in an older database", .freshDatabase)
struct SearchMigrationTests {
    private static let folder: FilePath = {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
        return FilePath(root.deletingLastPathComponent().path).appending("Sources/Archive/Resources/migrations")
    }()

    @Test("what was transcribed before is found, by the language of its text")
    func olderRows() async throws {
        let test = try TestArchive()
        let older = try Migrator.migrations(in: Self.folder).filter { $0.name < "0008" }
        try await Migrator(migrations: older).migrate(test.database)
        let texts = [
            (language: "de", translate: false, text: "In den Häusern"), (language: "de", translate: true, text: "She was singing"),
            (language: "sw", translate: false, text: "Habari za asubuhi"),
        ]
        for (language, translate, text) in texts {
            let id = UUID()
            try await test.database.execute(
                """
                INSERT INTO audio_files (id, original_filename, stored_filename, size_bytes, sha256, media_type)
                VALUES (\(id), 'old.wav', \(id.uuidString), 1, repeat('0', 64), 'audio/wav')
                """
            )
            try await test.database.execute(
                """
                INSERT INTO transcriptions (id, audio_file_id, model, language, options)
                VALUES (\(id), \(id), 'demo', \(language), jsonb_build_object('translate', \(translate)))
                """
            )
            try await test.database.execute(
                "INSERT INTO segments (transcription_id, ordinal, start_ms, end_ms, text) VALUES (\(id), 0, 0, 1000, \(text))"
            )
        }
        try await Archive.migrate(test.database)
        for (query, text) in [("Haus", texts[0].text), ("sing", texts[1].text), ("habari", texts[2].text)] {
            let hits = try await test.search(query).hits
            #expect(hits.map(\.snippet.text) == [text])
            #expect(hits.map(\.match) == [.words])
        }
    }

    @Test("where the user may not make the extension, what to do is said, and then it goes on")
    func extensionRefused() async throws {
        let owner = try TestArchive().database
        let role = "limited_" + UUID().uuidString.lowercased()
        try await owner.execute("CREATE ROLE \(identifier: role)")
        try await owner.execute("GRANT ALL ON SCHEMA public TO \(identifier: role)")
        let limited = Database(FreshDatabase.conninfo + " options='-c role=\(role)'")
        let refusal = await #expect(throws: PostgresError.self) { try await Archive.migrate(limited) }
        #expect(refusal?.description.contains("Let the database's owner run: CREATE EXTENSION pg_trgm;") == true)
        try await owner.execute("CREATE EXTENSION pg_trgm")
        try await Archive.migrate(limited)
    }
}
