import Archive
import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing
import Transcripts

@Suite("Migrations", .freshDatabase)
struct MigrationTests {
    /// The tables as they were before `0001-schema`, and how many of the steps to it have run.
    private func migrateEarlier(_ database: Database, steps: Int = .max) async throws {
        let folder = FilePath(Bundle.module.bundlePath).appending("EarlierMigrations")
        try await Migrator(migrations: Array(Migrator.migrations(in: folder).prefix(steps))).migrate(database)
    }

    /// Every column, constraint, index and function, however the columns are ordered.
    private func schema(of database: Database) async throws -> [String] {
        try await database.rows(
            """
            SELECT line FROM (
                SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
                        pg_get_expr(d.adbin, d.adrelid)) AS line
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
                UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace
                UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
                UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'search%'
            ) lines ORDER BY line
            """,
            as: String.self
        )
    }

    @Test("a database of the version before has the schema of a new one afterwards")
    func sameSchema() async throws {
        let database = Database(FreshDatabase.conninfo)
        try await migrateEarlier(database)
        try await Archive.migrate(database)
        let upgraded = try await schema(of: database)
        let history = try await database.rows("SELECT name || checksum FROM schema_migrations", as: String.self)
        try await database.execute(script: "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        try await Archive.migrate(database)
        #expect(try await schema(of: database) == upgraded)
        #expect(try await database.rows("SELECT name || checksum FROM schema_migrations", as: String.self) == history)
        #expect(upgraded.count > 100)
    }

    @Test("what a database of the version before has in it is read, searched, transcribed further and edited")
    func earlierRows() async throws {
        let test = try TestArchive()
        try await migrateEarlier(test.database)
        let id = UUID()
        try await test.database.execute(
            """
            INSERT INTO audio_files (id, original_filename, stored_filename, size_bytes, sha256, media_type)
            VALUES (\(id), 'old.wav', 'old.wav', 1, repeat('0', 64), 'audio/wav')
            """
        )
        try await test.database.execute(
            """
            INSERT INTO transcriptions (id, audio_file_id, model, language, state, prepared_until_ms, is_prepared, stored_until_ms, heard_ms,
                duration_ms)
            VALUES (\(id), \(id), 'demo', 'de', 'processing', 40000, true, 20000, 20000, 40000)
            """
        )
        try await test.database.execute(
            """
            INSERT INTO blocks (transcription_id, ordinal, start_ms, end_ms, done_at)
            VALUES (\(id), 0, 0, 20000, now()), (\(id), 1, 20000, 40000, NULL)
            """
        )
        try await test.database.execute(
            """
            INSERT INTO segments (transcription_id, ordinal, start_ms, end_ms, text, text_language)
            VALUES (\(id), 0, 0, 1000, 'In den Häusern', 'de')
            """
        )
        try await test.database.execute("INSERT INTO jobs (kind, transcription_id, block) VALUES ('block', \(id), 1)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await Archive.migrate(Database(FreshDatabase.conninfo, connections: 1)) } }
            try await group.waitForAll()
        }
        #expect(try await test.current(id).progress == 0.5)
        #expect(try await test.search("Haus").hits.map(\.match) == [.words])
        try await test.hear("und Hütten", language: "de")
        try await test.archive.queue.finish(test.take(.finish))
        #expect(try await test.current(id).processed == Timestamp(milliseconds: 40_000))
        #expect(try await test.archive.library.textBeginnings(of: [test.current(id)])[id]?.text == "In den Häusern und Hütten")
        var change = TranscriptionChange()
        change.text = TranscriptionChange.Text(segments: [], editedFrom: 0)
        #expect(try await test.archive.texts.edit(id, change).transcription.revision == 1)
    }

    @Test("an older database is refused with the way out", arguments: [1, 8])
    func tooOld(steps: Int) async throws {
        let database = Database(FreshDatabase.conninfo)
        try await migrateEarlier(database, steps: steps)
        let refusal = await #expect(throws: PostgresError.self) { try await Archive.migrate(database) }
        #expect(refusal?.description.contains("First start the version whose last migration is 0010-trimmed-events once") == true)
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
