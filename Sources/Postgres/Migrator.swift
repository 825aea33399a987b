import Foundation
import Logging
import SystemPackage

/// One step of the database's tables from one version to the next.
package struct Migration: Sendable, Hashable {
    /// The number and what it does, such as `0003-words`; steps run in the order of their names.
    package let name: String
    /// The statements, separated by semicolons.
    package let sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

/// Brings a database's tables to the version that the program was written for.
package struct Migrator: Sendable {
    /// "Earshot" in ASCII: whoever migrates holds this advisory lock, so of several programs that start at once one does each step.
    private static let lock = 0x45_61_72_73_68_6f_74

    private let migrations: [Migration]

    package init(migrations: [Migration]) {
        self.migrations = migrations.sorted { $0.name < $1.name }
    }

    /// Reads the files `NNNN-name.sql` of a folder; throws when a name has another form or two have the same number.
    package static func migrations(in folder: FilePath) throws -> [Migration] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.string).filter { $0.hasSuffix(".sql") }.sorted()
        var numbers: Set<Substring> = []
        return try files.map { file in
            let number = file.prefix { $0.isASCII && $0.isNumber }
            guard number.count == 4, file.dropFirst(4).hasPrefix("-") else {
                throw PostgresError(.migration, message: "\(file) is no name for a migration; it has the form 0001-what-it-does.sql.")
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
    /// Throws a ``PostgresError`` of kind `migration` when a step that has run was changed since, is unknown to this program (which
    /// is then older than the database), or would have to run before one that has already run.
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
        // Another program's steps, and this one's, may take longer than a statement usually may.
        try session.execute("SET LOCAL statement_timeout TO 0")
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
        try session.execute("INSERT INTO schema_migrations (name, checksum) VALUES (\(migration.name), \(sql: migration.checksum))")
        return migration.name
    }

    /// The number of steps that have run, once it is known that they are the first of ours and unchanged.
    private func checkedCount(_ session: Session) throws -> Int {
        let applied = try session.rows("SELECT name, checksum FROM schema_migrations ORDER BY name", as: (String, String).self)
        for (index, (name, checksum)) in applied.enumerated() {
            guard let position = migrations.firstIndex(where: { $0.name == name }) else {
                throw PostgresError(.migration, message: "The database has migration \(name), which this older program doesn't know.")
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
    /// The statement's SHA-256 in hexadecimal digits, reckoned by the server.
    fileprivate var checksum: SQL { "encode(sha256(convert_to(\(sql), 'UTF8')), 'hex')" }
}
