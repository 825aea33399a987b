import Foundation
import Subprocess
import SystemPackage

/// A folder with PostgreSQL's own programs.
struct PostgresPrograms: Sendable {
    let folder: FilePath
    /// The version of their data's format: 15, 16, …
    let version: Int

    /// The programs for data of a version, or the first that are found when there are no data yet.
    static func find(dataVersion: Int?) async throws -> PostgresPrograms {
        var versions: [Int] = []
        for folder in candidates() where has("initdb", in: folder) && has("pg_ctl", in: folder) {
            guard let version = await version(of: folder) else { continue }
            if dataVersion == nil || dataVersion == version { return PostgresPrograms(folder: folder, version: version) }
            versions.append(version)
        }
        guard let dataVersion, !versions.isEmpty else {
            throw PostgresError(
                .cluster,
                message:
                    "PostgreSQL's programs initdb and pg_ctl were not found. Install PostgreSQL, or set DATABASE_URL to a running server."
            )
        }
        let found = versions.map { "\($0)" }.joined(separator: ", ")
        throw PostgresError(
            .cluster,
            message:
                "The data were created by PostgreSQL \(dataVersion), but only version \(found) was found. Install PostgreSQL \(dataVersion)."
        )
    }

    /// The folders that have some programs, of which the first tells the version.
    static func all(with programs: [String]) async -> [PostgresPrograms] {
        var found: [PostgresPrograms] = []
        for folder in candidates() where programs.allSatisfy({ has($0, in: folder) }) {
            guard let first = programs.first, let version = await version(of: folder, program: first) else { continue }
            found.append(PostgresPrograms(folder: folder, version: version))
        }
        return found
    }

    /// The folders to look in: the search path, then those of Debian, Red Hat and Homebrew, newest first.
    private static func candidates() -> [FilePath] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let patterns: [(parent: String, prefix: String)] = [
            ("/usr/lib/postgresql", ""), ("/usr", "pgsql-"), ("/opt/homebrew/opt", "postgresql@"), ("/usr/local/opt", "postgresql@"),
        ]
        let installed = patterns.flatMap { parent, prefix in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
            return
                names
                .filter { $0.hasPrefix(prefix) }
                .compactMap { name in Double(name.dropFirst(prefix.count)).map { (name: name, version: $0) } }
                .sorted { $0.version > $1.version }
                .map { FilePath(parent).appending($0.name).appending("bin") }
        }
        return path.split(separator: ":").map { FilePath(String($0)) } + installed
    }

    private static func has(_ program: String, in folder: FilePath) -> Bool {
        access(folder.appending(program).string, X_OK) == 0
    }

    /// Reads the number in `initdb (PostgreSQL) 15.20`.
    private static func version(of folder: FilePath, program: String = "initdb") async -> Int? {
        let programs = PostgresPrograms(folder: folder, version: 0)
        guard let outcome = try? await programs.run(program, ["--version"], as: nil), outcome.isSuccess else { return nil }
        return outcome.text.split(separator: " ").lazy.compactMap { Int($0.prefix(while: \.isNumber)) }.first
    }
}

// MARK: - Running one

extension PostgresPrograms {
    /// A program's success and output.
    struct Outcome: Sendable {
        let isSuccess: Bool
        let text: String
    }

    /// Runs one of the programs, without the operator's settings for other servers.
    func run(_ program: String, _ arguments: [String], as account: ServerAccount?) async throws -> Outcome {
        try await Self.run(folder.appending(program), arguments, as: account)
    }

    /// Runs any program.
    static func run(_ program: FilePath, _ arguments: [String], as account: ServerAccount?) async throws -> Outcome {
        let command = try (account?.becoming ?? []) + [program.string] + arguments
        let result = try await Subprocess.run(
            .path(.init(command[0])),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating([
                "LC_ALL": "C", "PGDATA": nil, "PGHOST": nil, "PGPORT": nil, "PGUSER": nil, "PGDATABASE": nil, "PGOPTIONS": nil,
            ]),
            // The account may lack access to this program's working directory.
            workingDirectory: "/",
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        try Task.checkCancellation()
        let text = [result.standardOutput, result.standardError].map { $0.trimmed }.filter { !$0.isEmpty }.joined(separator: "\n")
        return Outcome(isSuccess: result.terminationStatus.isSuccess, text: text)
    }
}
