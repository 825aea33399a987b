import Foundation
import Logging
import SystemPackage

/// One step of the database's schema from one version to the next.
package struct Migration: Sendable, Hashable {
    /// The number and a title, such as `0003-words`; steps run in the order of their names.
    package let name: String
    /// The statements, separated by semicolons.
    package let sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

/// The migrations of earlier versions that the first one of today replaces.
package struct EarlierMigrations: Sendable {
    /// The names of all of them.
    package let names: [String]
    /// The statements from the state after the last of them to the state after today's first.
    package let sql: String

    package init(names: [String], sql: String) {
        self.names = names.sorted()
        self.sql = sql
    }
}

/// Brings a database's schema to the version that the program was written for.
package struct Migrator: Sendable {
    /// "Earshot" in ASCII: a migration holds this advisory lock, so that of several programs that start at once one does each step.
    private static let lock = 0x45_61_72_73_68_6f_74

    private let migrations: [Migration]
    private let earlier: EarlierMigrations?

    package init(migrations: [Migration], replacing earlier: EarlierMigrations? = nil) {
        self.migrations = migrations.sorted { $0.name < $1.name }
        self.earlier = earlier
    }

    /// Reads the files `NNNN-name.sql` of a folder; throws when a name has another form or two have the same number.
    package static func migrations(in folder: FilePath) throws -> [Migration] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.string).filter { $0.hasSuffix(".sql") }.sorted()
        var numbers: Set<Substring> = []
        return try files.map { file in
            let number = file.prefix { $0.isASCII && $0.isNumber }
            guard number.count == 4, file.dropFirst(4).hasPrefix("-") else {
                throw PostgresError(.migration, message: "\(file) is not a valid name for a migration; use the form 0001-title.sql.")
            }
            guard numbers.insert(number).inserted else {
                throw PostgresError(.migration, message: "Two migrations have the number \(number).")
            }
            let path = folder.appending(file).string
            return Migration(name: String(file.dropLast(4)), sql: try String(contentsOfFile: path, encoding: .utf8))
        }
    }

    /// Runs the steps that the database lacks, each in a transaction of its own, and returns their names.
    ///
    /// - Throws: A ``PostgresError`` of kind `migration` when a step that has run was changed since, is unknown to this program (which is
    ///   then older than the database), or would have to run before one that has already run.
    @discardableResult
    package func migrate(_ database: Database) async throws -> [String] {
        var applied: [String] = []
        while let name = try await database.transaction({ try applyNext($0) }) {
            Logger.current.info("Migrated the database", metadata: ["migration": "\(name)"])
            applied.append(name)
        }
        return applied
    }

    private func applyNext(_ session: Session) throws -> String? {
        // Steps, this program's and another's that it waits for, may take longer than other statements.
        try session.execute("SET LOCAL statement_timeout TO 0")
        try session.execute("SET LOCAL lock_timeout TO 0")
        try session.execute("SELECT pg_advisory_xact_lock(\(Self.lock))")
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name text PRIMARY KEY,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """
        )
        if try replaceEarlier(session) { return migrations.first?.name }
        let done = try checkedCount(session)
        guard done < migrations.count else { return nil }
        let migration = migrations[done]
        do throws(PostgresError) {
            try session.execute(script: migration.sql)
        } catch {
            var failure = error
            failure.kind = .migration
            failure.message = "Migration \(migration.name) failed: \(error.message)"
            throw failure
        }
        guard session.isInTransaction else {
            throw PostgresError(.migration, message: "Migration \(migration.name) ends the transaction that it runs in.")
        }
        try record(migration, session)
        return migration.name
    }

    private func record(_ migration: Migration, _ session: Session) throws {
        try session.execute("INSERT INTO schema_migrations (name, checksum) VALUES (\(migration.name), \(sql: migration.checksum))")
    }

    /// Brings a database that has all earlier migrations to the state after today's first one; false if it has none of them.
    private func replaceEarlier(_ session: Session) throws -> Bool {
        guard let earlier, let first = migrations.first else { return false }
        let applied = try session.rows("SELECT name FROM schema_migrations ORDER BY name", as: String.self)
        guard let last = applied.last(where: earlier.names.contains) else { return false }
        guard applied == earlier.names else {
            throw PostgresError(
                .migration,
                message: """
                    This version of Earshot can't upgrade this database, whose last migration is \(last). First start the version \
                    whose last migration is \(earlier.names.last ?? "") once with it, then this one again.
                    """
            )
        }
        try session.execute(script: earlier.sql)
        try session.execute("DELETE FROM schema_migrations")
        try record(first, session)
        return true
    }

    /// The number of steps that have run; checks that they are the first of this program's, and unchanged.
    private func checkedCount(_ session: Session) throws -> Int {
        let applied = try session.rows("SELECT name, checksum FROM schema_migrations ORDER BY name", as: (String, String).self)
        for (index, (name, checksum)) in applied.enumerated() {
            guard let position = migrations.firstIndex(where: { $0.name == name }) else {
                throw PostgresError(.migration, message: "The database has migration \(name), which this older program does not know.")
            }
            guard position == index else {
                let missing = migrations[index].name
                throw PostgresError(.migration, message: "Migration \(missing) is new, but the later \(name) has already run.")
            }
            guard try session.row("SELECT \(sql: migrations[index].checksum)", as: String.self) == checksum else {
                throw PostgresError(.migration, message: "Migration \(name) was changed after it had run; write a new one instead.")
            }
        }
        return applied.count
    }
}

extension Migration {
    /// The statements' SHA-256 in hexadecimal digits, computed by the server.
    fileprivate var checksum: SQL { "encode(sha256(convert_to(\(sql), 'UTF8')), 'hex')" }
}
