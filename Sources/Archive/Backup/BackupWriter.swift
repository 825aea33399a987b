import Basics
import Crypto
import Foundation
import Postgres
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes a backup: a tar archive with a dump of the database, the recordings that the dump names, and a manifest.
///
/// Earshot may run meanwhile. The dump is of one moment; the files come after it, and files never change. One that is gone because its
/// recording was deleted in the meantime is listed as deleted.
package struct BackupWriter: Sendable {
    private let database: Database
    private let folder: RecordingFolder
    private let onProgress: @Sendable (BackupProgress) -> Void

    package init(database: Database, folder: RecordingFolder, onProgress: @escaping @Sendable (BackupProgress) -> Void) {
        self.database = database
        self.folder = folder
        self.onProgress = onProgress
    }

    /// Writes a backup beside its place, reads it back, and gives it its name when all of it is right.
    ///
    /// - Throws: `BackupError`; there is no file of the name then.
    package func write(to destination: FilePath) async throws -> BackupManifest {
        let path = FilePath(destination.string + ".part")
        let file = try await blocking {
            guard access(destination.string, F_OK) != 0 else { throw BackupError.exists(destination.string) }
            return try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite]
            )
        }
        do {
            try await write(to: file)
            try await blocking {
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
                try file.close()
            }
            let manifest = try await BackupReader(onProgress: onProgress).verify(path)
            try await blocking {
                // Never over a file that another process has made since.
                guard link(path.string, destination.string) == 0 || (errno != EEXIST && rename(path.string, destination.string) == 0)
                else { throw BackupError.exists(destination.string) }
                unlink(path.string)
                try FileDescriptor.synchronizeFolder(of: destination.absolute)
            }
            return manifest
        } catch {
            try? file.close()
            _ = try? await blocking { unlink(path.string) }
            throw error
        }
    }

    /// Writes a backup to an open file or a pipe; it must be verified afterwards.
    package func write(to output: FileDescriptor) async throws {
        try await withTemporaryFolder { work in
            onProgress(BackupProgress(step: .dumping, bytes: 0, total: 0))
            let dump = work.appending(BackupManifest.dumpName)
            let version = try await database.row("SELECT current_setting('server_version_num')::bigint / 10000", as: Int.self) ?? 0
            let programs = try await DumpPrograms.toDump(serverVersion: version)
            try await programs.dump(schema: "public", of: database.conninfo, to: dump)
            Failpoint.reached("backup.dumped")
            let contents = try await BackupContents(of: dump, programs)
            try await write(dump, contents, to: output)
        }
    }

    private func write(_ dump: FilePath, _ contents: BackupContents, to output: FileDescriptor) async throws {
        var archive = TarOutput(output)
        let dumpEntry = try await archive.add(dump, as: BackupManifest.dumpName)
        let total = contents.recordings.reduce(0) { $0 + $1.bytes }
        var done: Int64 = 0
        var (written, deleted, problems): ([BackupManifest.Entry], [String], [String]) = ([], [], [])
        for file in contents.recordings {
            guard try await blocking({ folder.has(file.name) }) else {
                if try await isKnown(file) { problems.append("\(file.name): the file is missing") } else { deleted.append(file.name) }
                continue
            }
            try await archive.begin(BackupManifest.recordingFolder + file.name, bytes: file.bytes)
            let problem = try await file.read(in: folder) { piece in
                try await archive.write(piece)
                done += Int64(piece.count)
                onProgress(BackupProgress(step: .copying, bytes: done, total: total))
            }
            if let problem {
                problems.append(problem)
                // The archive is of no use any more, but the other files are still to be looked at.
                try await archive.abandonFile()
            } else {
                try await archive.endFile()
            }
            written.append(BackupManifest.Entry(name: file.name, bytes: file.bytes, sha256: file.sha256))
        }
        guard problems.isEmpty else { throw BackupError.recordings(problems) }
        let manifest = BackupManifest(
            format: BackupManifest.currentFormat,
            createdAt: .now,
            identity: contents.identity,
            migration: contents.migration,
            rows: contents.rows,
            dump: dumpEntry,
            recordings: written,
            deleted: deleted
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let list = [UInt8](try encoder.encode(manifest))
        try await archive.begin(BackupManifest.fileName, bytes: Int64(list.count))
        try await archive.write(list)
        try await archive.endFile()
        try await archive.finish()
    }

    private func isKnown(_ file: StoredFile) async throws -> Bool {
        try await database.row("SELECT 1 FROM audio_files WHERE stored_filename = \(file.name)", as: Int.self) != nil
    }
}

/// Runs the work with a new folder for temporary files (`TMPDIR`), which is removed afterwards.
func withTemporaryFolder<Value>(_ work: (FilePath) async throws -> Value) async throws -> Value {
    let path = FilePath(FileManager.default.temporaryDirectory.path).appending("earshot-backup-" + UUID().lowercased)
    try FileManager.default.createDirectory(
        atPath: path.string,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
    )
    defer { try? FileManager.default.removeItem(atPath: path.string) }
    return try await work(path)
}

extension FilePath {
    /// The path from the root.
    fileprivate var absolute: FilePath {
        isAbsolute ? self : FilePath(FileManager.default.currentDirectoryPath).pushing(self)
    }
}
