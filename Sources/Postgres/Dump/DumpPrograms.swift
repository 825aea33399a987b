import Foundation
import Subprocess
import SystemPackage

/// Dumps and restores a database with PostgreSQL's own `pg_dump`, `pg_restore` and `psql`.
package struct DumpPrograms: Sendable {
    private let folder: FilePath

    /// Finds programs that can dump a server's data.
    ///
    /// - Parameter serverVersion: 15, 16, …
    /// - Throws: A ``PostgresError`` if there are none, or all are older than the server, whose data they could not read in full.
    package static func toDump(serverVersion: Int) async throws -> DumpPrograms {
        let found = try await available()
        let fit = found.filter { $0.version >= serverVersion }.min { $0.version < $1.version }
        guard let fit else {
            throw PostgresError(
                .cluster,
                message: """
                    The database server is PostgreSQL \(serverVersion), but pg_dump was found only in version \
                    \(found.map { "\($0.version)" }.joined(separator: ", ")). Install the client programs of PostgreSQL \(serverVersion) \
                    (Debian: postgresql-client-\(serverVersion)).
                    """
            )
        }
        return DumpPrograms(folder: fit.folder)
    }

    /// Finds programs that can read and restore a dump: the newest.
    package static func toRestore() async throws -> DumpPrograms {
        guard let newest = try await available().max(by: { $0.version < $1.version }) else { throw missing }
        return DumpPrograms(folder: newest.folder)
    }

    private static func available() async throws -> [PostgresPrograms] {
        let found = await PostgresPrograms.all(with: ["pg_dump", "pg_restore", "psql"])
        guard !found.isEmpty else { throw missing }
        return found
    }

    private static var missing: PostgresError {
        PostgresError(
            .cluster,
            message: "PostgreSQL's programs pg_dump, pg_restore and psql were not found. Install them (Debian: postgresql-client)."
        )
    }

    /// Writes one schema of a database to a file, in pg_dump's own format, as of one moment.
    package func dump(schema: String, of conninfo: String, to file: FilePath) async throws {
        let arguments = ["--format=custom", "--no-owner", "--no-privileges", "--schema=\(schema)", "--file=\(file)"]
        try await run("pg_dump", arguments, on: conninfo)
    }

    /// Writes the statements that make the objects and rows of a dump's schema, without the schema itself, to a file.
    package func script(of dump: FilePath, schema: String, to file: FilePath) async throws {
        let arguments = ["--no-owner", "--no-privileges", "--schema=\(schema)", "--exit-on-error", "--file=\(file)", "\(dump)"]
        try await run("pg_restore", arguments, on: nil)
    }

    /// Runs files with statements, one after the other, in one transaction; nothing is changed if one of them fails.
    package func run(scripts: [FilePath], on conninfo: String) async throws {
        let arguments = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null"]
        try await run("psql", arguments + scripts.map { "--file=\($0)" }, on: conninfo)
    }

    /// Reads a dump to its end, and counts and reads the rows in it.
    ///
    /// - Parameter tables: Those whose rows are returned; of the others they are only counted.
    /// - Throws: A ``PostgresError`` if the dump is damaged.
    package func contents(of dump: FilePath, rowsOf tables: Set<String>) async throws -> DumpContents {
        let outcome = try await Subprocess.run(
            .path(folder.appending("pg_restore")),
            arguments: ["--data-only", "--exit-on-error", "--file=-", "\(dump)"],
            environment: .inherit.updating(["LC_ALL": "C"]),
            input: .none,
            output: .sequence,
            error: .string(limit: 1 << 20)
        ) { execution in
            var contents = DumpContents(rowsOf: tables)
            for try await bytes in execution.standardOutput { bytes.withUnsafeBytes { contents.read($0) } }
            return contents
        }
        try Task.checkCancellation()
        guard outcome.terminationStatus.isSuccess, outcome.closureResult.isComplete else {
            throw PostgresError(.cluster, message: "The dump of the database is damaged: \(outcome.standardError.lastLines(2))")
        }
        return outcome.closureResult
    }

    private func run(_ program: String, _ arguments: [String], on conninfo: String?) async throws {
        let variables = try conninfo.map { try Conninfo.environment(of: $0) } ?? [:]
        var changes: [Environment.Key: String?] = ["LC_ALL": "C", "PGOPTIONS": "-c statement_timeout=0"]
        for (name, value) in variables { changes[Environment.Key(stringLiteral: name)] = value }
        let outcome = try await Subprocess.run(
            .path(folder.appending(program)),
            arguments: Arguments(arguments),
            environment: .inherit.updating(changes),
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        try Task.checkCancellation()
        guard outcome.terminationStatus.isSuccess else {
            throw PostgresError(.cluster, message: "\(program) failed: \(outcome.standardError.lastLines(3))")
        }
    }
}
