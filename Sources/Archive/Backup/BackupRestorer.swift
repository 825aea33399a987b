import Basics
import Foundation
import Postgres
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Restores a backup beside what is there, and swaps the two in one transaction of the database.
///
/// Until that transaction commits, the old state is whole: recordings' files are only added, under names that are never given twice. Since the
/// restored database gets the identity of the folder, nothing in the folder has to change at the same moment.
package struct BackupRestorer: Sendable {
    /// What became of the old state.
    package struct Outcome: Sendable {
        package let manifest: BackupManifest
        /// The schema with the old tables.
        package let oldSchema: String
        /// The folder with those old files that the restored database does not name; nil if there are none.
        package let oldFiles: FilePath?
    }

    static let oldSchemaPrefix = "before_restore_"
    static let oldFolderPrefix = "before-restore-"
    private static let newSchema = "earshot_restore"

    private let database: Database
    private let folder: RecordingFolder
    private let onProgress: @Sendable (BackupProgress) -> Void

    /// - Parameter database: Must be up to date, and used by this process alone.
    package init(database: Database, folder: RecordingFolder, onProgress: @escaping @Sendable (BackupProgress) -> Void) {
        self.database = database
        self.folder = folder
        self.onProgress = onProgress
    }

    /// Restores a backup from a file, or from standard input (`-`).
    ///
    /// - Throws: `BackupError`, `SharedIdentity.Refusal`; the old state is unchanged then.
    package func restore(_ path: FilePath) async throws -> Outcome {
        try await waitUntilUnused()
        try await SharedIdentity(database: database, folder: folder).check()
        let work = folder.folder.appending(".restoring")
        try await blocking {
            try? FileManager.default.removeItem(atPath: work.string)
            try FileManager.default.createDirectory(
                atPath: work.string,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o750]
            )
        }
        do {
            let outcome = try await restore(path, work)
            try await blocking { try? FileManager.default.removeItem(atPath: work.string) }
            return outcome
        } catch {
            _ = try? await blocking { try FileManager.default.removeItem(atPath: work.string) }
            throw error
        }
    }

    /// The server ends the connections of a program a moment after the program.
    private func waitUntilUnused() async throws {
        let deadline = ContinuousClock.now + .seconds(5)
        while true {
            do {
                return try await database.read { try $0.checkUnused() }
            } catch let error as BackupError {
                guard ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    private func restore(_ path: FilePath, _ work: FilePath) async throws -> Outcome {
        let dump = work.appending(BackupManifest.dumpName)
        let manifest = try await BackupReader(onProgress: onProgress).read(path, dump: dump, recordings: work)
        Failpoint.reached("restore.read")
        onProgress(BackupProgress(step: .checking, bytes: 0, total: 0))
        try await load(dump, work)
        Failpoint.reached("restore.loaded")
        try await prepare(manifest)
        Failpoint.reached("restore.prepared")
        let date = Date.now.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false).timeSeparator(.omitted))
            .filter(\.isNumber)
        let aside = folder.folder.appending(Self.oldFolderPrefix + date)
        try await place(manifest, work, aside)
        Failpoint.reached("restore.placed")
        let schema = Self.oldSchemaPrefix + date
        try await swap(schema)
        Failpoint.reached("restore.swapped")
        let hasOldFiles = try await setOldFilesAside(aside)
        return Outcome(manifest: manifest, oldSchema: schema, oldFiles: hasOldFiles ? aside : nil)
    }

    /// Makes the tables of the dump in a schema of their own, in one transaction.
    ///
    /// A dump's statements name the schema `public`; so the old tables step aside for the length of the transaction.
    private func load(_ dump: FilePath, _ work: FilePath) async throws {
        let programs = try await DumpPrograms.toRestore()
        let scripts = ["before.sql", "restore.sql", "after.sql"].map { work.appending($0) }
        let (old, new) = ("earshot_aside", Self.newSchema)
        let before = """
            SET LOCAL lock_timeout TO '30s';
            SET LOCAL client_min_messages TO warning;
            DROP SCHEMA IF EXISTS \(new) CASCADE;
            CREATE SCHEMA \(new);
            CREATE SCHEMA \(old);

            """ + SchemaMove(origin: "public", goal: old).script
        let after =
            SchemaMove(origin: "public", goal: new).script + SchemaMove(origin: old, goal: "public").script + "DROP SCHEMA \(old);\n"
        try await blocking {
            try Data(before.utf8).write(to: URL(filePath: scripts[0].string))
            try Data(after.utf8).write(to: URL(filePath: scripts[2].string))
        }
        try await programs.script(of: dump, schema: "public", to: scripts[1])
        try await programs.run(scripts: scripts, on: database.conninfo)
    }

    /// Compares the restored rows with the manifest, brings their schema up to date, and takes out what ended with the old processes.
    private func prepare(_ manifest: BackupManifest) async throws {
        let identity = try await database.row("SELECT id FROM archive_identity", as: UUID.self)
        var limits = DatabaseLimits()
        limits.statement = nil
        let restored = Database(database.conninfo, connections: 1, limits: limits, searchPath: "\(Self.newSchema), public")
        do {
            for (table, count) in manifest.rows {
                let found = try await restored.row("SELECT count(*) FROM \(identifier: Self.newSchema).\(identifier: table)", as: Int.self)
                guard found == count else { throw BackupError.damaged("\(table) has \(found ?? 0) rows instead of \(count)") }
            }
            try await Archive.migrate(restored)
            try await restored.transaction { session in
                // Their files were deleted on request before they were saved.
                try session.execute("DELETE FROM audio_files WHERE stored_filename = ANY (\(manifest.deleted)::text[])")
                // The bytes of unfinished uploads are not saved.
                try session.execute("DELETE FROM uploads WHERE transcription_id IS NULL")
                try session.execute("DELETE FROM workers")
                // A lease that expires would make its job a suspect.
                try session.execute("UPDATE jobs SET worker = NULL, taken_at = NULL, lease_until = NULL WHERE worker IS NOT NULL")
                try session.execute("UPDATE archive_identity SET id = \(identity), is_shared = true")
            }
        } catch {
            await restored.close()
            throw error
        }
        await restored.close()
    }

    /// Gives the restored files their names. A file that is there already, and intact, stays; a damaged one is set aside.
    private func place(_ manifest: BackupManifest, _ work: FilePath, _ aside: FilePath) async throws {
        for entry in manifest.recordings {
            let file = StoredFile(name: entry.name, bytes: entry.bytes, sha256: entry.sha256)
            if try await file.read(in: folder, { _ in }) == nil { continue }
            try await blocking {
                let goal = folder.path(of: entry.name)
                if folder.has(entry.name) { try Self.move(goal, into: aside) }
                guard rename(work.appending(entry.name).string, goal.string) == 0 else { throw Errno(rawValue: errno) }
            }
        }
        try await blocking { try FileDescriptor.synchronizeFolder(of: folder.folder.appending(".")) }
    }

    private func swap(_ schema: String) async throws {
        try await database.transaction { session in
            try session.checkUnused()
            try session.execute(script: "SET LOCAL lock_timeout TO '30s'; CREATE SCHEMA \(schema)")
            try session.execute(script: SchemaMove(origin: "public", goal: schema).script)
            try session.execute(script: SchemaMove(origin: Self.newSchema, goal: "public").script)
            try session.execute(script: "DROP SCHEMA \(Self.newSchema)")
        }
    }

    /// Sets the files aside that the restored database does not name; returns whether there are any.
    private func setOldFilesAside(_ aside: FilePath) async throws -> Bool {
        let known = Set(try await database.rows("SELECT stored_filename FROM audio_files", as: String.self))
        return try await blocking {
            for name in try folder.storedFilenames() where !known.contains(name) { try Self.move(folder.path(of: name), into: aside) }
            return FileManager.default.fileExists(atPath: aside.string)
        }
    }

    private static func move(_ path: FilePath, into folder: FilePath) throws {
        try FileManager.default.createDirectory(
            atPath: folder.string,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o750]
        )
        guard let name = path.lastComponent, rename(path.string, folder.appending(name).string) == 0 else { throw Errno(rawValue: errno) }
    }
}

extension Session {
    /// Throws `BackupError.inUse` while other connections of Earshot, which have this one's name, use the database.
    fileprivate func checkUnused() throws {
        let others = try row(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND application_name = current_setting('application_name')
            """,
            as: Int.self
        )
        guard others == 0 else { throw BackupError.inUse(sessions: others ?? 0) }
    }
}
