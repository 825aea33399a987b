import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Postgres

@Suite(.freshDatabase) struct MigratorTests {
    private static let first = Migration(
        name: "0001-notes",
        sql: "CREATE TABLE notes (body text); INSERT INTO notes VALUES ('semicolons; in ''text'''); -- and a comment;"
    )
    private static let second = Migration(name: "0002-dates", sql: "ALTER TABLE notes ADD COLUMN made_at timestamptz;")

    private let database = Database(FreshDatabase.conninfo, connections: 4)

    private func refusal(of migrations: [Migration]) async throws -> PostgresError {
        let error = await #expect(throws: PostgresError.self) { try await Migrator(migrations: migrations).migrate(database) }
        return try #require(error)
    }

    @Test("steps run once, in the order of their names")
    func order() async throws {
        #expect(try await Migrator(migrations: [Self.second, Self.first]).migrate(database) == ["0001-notes", "0002-dates"])
        #expect(try await Migrator(migrations: [Self.first, Self.second]).migrate(database) == [])
        #expect(try await database.row("SELECT count(made_at) FROM notes", as: Int.self) == 0)
    }

    @Test("a later version runs only what is new")
    func later() async throws {
        try await Migrator(migrations: [Self.first]).migrate(database)
        #expect(try await Migrator(migrations: [Self.first, Self.second]).migrate(database) == ["0002-dates"])
    }

    @Test("of programs that start at once, one does each step")
    func race() async throws {
        let slow = Migration(name: "0001-slow", sql: "CREATE TABLE runs (n int); SELECT pg_sleep(0.2); INSERT INTO runs VALUES (1);")
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await Migrator(migrations: [slow, Migration(name: "0002-more", sql: "INSERT INTO runs VALUES (2)")])
                        .migrate(Database(FreshDatabase.conninfo, connections: 1))
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == ["0001-slow", "0002-more"])
        #expect(try await database.rows("SELECT n FROM runs ORDER BY n", as: Int.self) == [1, 2])
    }

    @Test("a step that was changed after it had run stops the start")
    func changed() async throws {
        try await Migrator(migrations: [Self.first]).migrate(database)
        let error = try await refusal(of: [Migration(name: Self.first.name, sql: Self.first.sql + " ")])
        #expect(error.kind == .migration && "\(error)".contains("0001-notes was changed"))
    }

    @Test("a database that is newer than the program stops the start")
    func newer() async throws {
        try await Migrator(migrations: [Self.first, Self.second]).migrate(database)
        #expect("\(try await refusal(of: [Self.first]))".contains("0002-dates, which this older program does not know"))
    }

    @Test("a new step before one that has run stops the start")
    func outOfOrder() async throws {
        try await Migrator(migrations: [Self.first, Self.second]).migrate(database)
        let between = Migration(name: "0001-z", sql: "SELECT 1")
        #expect("\(try await refusal(of: [Self.first, between, Self.second]))".contains("0001-z is new"))
    }

    @Test("a database with all earlier steps is brought to the state of the first one, by one of the programs that start at once")
    func replaced() async throws {
        try await Migrator(migrations: [Self.first, Self.second]).migrate(database)
        let whole = Migration(name: "0001-all", sql: "CREATE TABLE notes (text text, made_at timestamptz)")
        let more = Migration(name: "0002-more", sql: "ALTER TABLE notes ADD COLUMN more int")
        let earlier = EarlierMigrations(
            names: ["0001-notes", "0002-dates"],
            sql: "ALTER TABLE notes RENAME COLUMN body TO text; SELECT pg_sleep(0.1)"
        )
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await Migrator(migrations: [whole, more], replacing: earlier)
                        .migrate(Database(FreshDatabase.conninfo, connections: 1))
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == ["0001-all", "0002-more"])
        #expect(try await database.row("SELECT text FROM notes WHERE more IS NULL", as: String.self) == "semicolons; in 'text'")
        #expect(try await Migrator(migrations: [whole, more], replacing: earlier).migrate(database) == [])
    }

    @Test("a database with only some of the earlier steps is refused, with the way out, and left as it is")
    func partlyReplaced() async throws {
        try await Migrator(migrations: [Self.first]).migrate(database)
        let earlier = EarlierMigrations(names: ["0001-notes", "0002-dates"], sql: "DROP TABLE notes")
        let migrator = Migrator(migrations: [Migration(name: "0001-all", sql: "SELECT 1")], replacing: earlier)
        let error = await #expect(throws: PostgresError.self) { try await migrator.migrate(database) }
        #expect(error.map { "\($0)" }?.contains("First start the version whose last migration is 0002-dates once") == true)
        #expect(try await database.row("SELECT count(*) FROM notes", as: Int.self) == 1)
    }

    @Test("a step that fails leaves nothing of itself, keeps those before it, and is named")
    func failure() async throws {
        let wrong = Migration(name: "0002-wrong", sql: "CREATE TABLE half (n int); SELECT 1/0;")
        let error = try await refusal(of: [Self.first, wrong])
        #expect(error.state == "22012" && "\(error)".contains("0002-wrong"))
        #expect(try await database.row("SELECT to_regclass('half')::text", as: String?.self) == .some(nil))
        #expect(try await Migrator(migrations: [Self.first, Self.second]).migrate(database) == ["0002-dates"])
    }

    @Test("a step that commits by itself is refused")
    func commits() async throws {
        #expect("\(try await refusal(of: [Migration(name: "0001-commit", sql: "COMMIT")]))".contains("0001-commit"))
    }

    @Test("steps are read from the numbered files of a folder")
    func files() throws {
        let folder = FilePath(NSTemporaryDirectory()).appending("migrations-\(UUID())")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        func write(_ name: String) throws {
            try "SELECT '\(name)'".write(toFile: folder.appending(name).string, atomically: true, encoding: .utf8)
        }
        try write("0002-b.sql")
        try write("0001-a.sql")
        try write(".gitkeep")
        let found = try Migrator.migrations(in: folder)
        #expect(found.map(\.name) == ["0001-a", "0002-b"])
        #expect(found.first?.sql == "SELECT '0001-a.sql'")
        try write("0002-c.sql")
        #expect(throws: PostgresError.self) { try Migrator.migrations(in: folder) }
    }
}
