import Basics
import Foundation
import Logging
import Postgres
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Brings the files in the folder of recordings and the rows that name them together again, after a process that was killed between the two.
///
/// Nothing that has the name of a recording is deleted because a row is missing: it is set aside.
struct FolderOrder: Sendable {
    let database: Database
    let folder: RecordingFolder
    let lost: LostFiles
    /// Partial files that were changed later belong to a process that has started meanwhile.
    private let startedAt = Date.now

    init(database: Database, folder: RecordingFolder, lost: LostFiles) {
        self.database = database
        self.folder = folder
        self.lost = lost
    }

    func restore() async throws {
        let files = try await blocking { try folder.storedFilenames() }
        try await findMissing(Set(files))
        for name in try await unknown(files) { try await settle(name) }
        for name in try await blocking({ try folder.partialNames() }) { try await settlePartial(name) }
    }

    /// Puts the files back that were lost while the database did not know them, and tells of the others that are missing.
    private func findMissing(_ files: Set<String>) async throws {
        let missing = Set(try await database.rows("SELECT stored_filename FROM audio_files", as: String.self)).subtracting(files)
        guard !missing.isEmpty else { return }
        var found: Set<String> = []
        for file in try await lost.list() where missing.contains(file.name) && found.insert(file.name).inserted {
            try await blocking { try lost.putBack(file) }
            Logger.current.notice("Put a lost file back, because its recording is known again", metadata: ["file": "\(file.name)"])
        }
        if found.count < missing.count {
            Logger.current.error("The files of recordings are missing", metadata: ["count": "\(missing.count - found.count)"])
        }
    }

    /// The files that neither a recording nor a promise to delete them names.
    private func unknown(_ files: [String]) async throws -> [String] {
        try await database.rows(
            """
            SELECT name FROM unnest(\(files)::text[]) AS here (name)
            WHERE NOT EXISTS (SELECT FROM audio_files WHERE stored_filename = name)
                AND NOT EXISTS (SELECT FROM doomed_files WHERE path = name)
            ORDER BY name
            """,
            as: String.self
        )
    }

    /// Decides about a file with the name of a recording that no row names.
    private func settle(_ name: String) async throws {
        // The lock comes first: a process that released it has committed its row by then.
        guard let lock = try await lock(name) else { return }
        defer { withExtendedLifetime(lock) {} }
        guard try await !unknown([name]).isEmpty else { return }
        if try await isNameOfUpload(name) {
            // The acceptance was not committed. The bytes are those of a resumable upload, which still has them.
            try await blocking { _ = unlink(folder.path(of: name).string) }
            return
        }
        try await blocking { try lost.setAside(name) }
        Logger.current.warning(
            "Set aside a file that no recording names; “earshot recordings lost” lists those",
            metadata: ["file": "\(name)"]
        )
    }

    /// Whether a file is at the same time the bytes of a resumable upload that waits for its acceptance.
    private func isNameOfUpload(_ name: String) async throws -> Bool {
        let waiting = try await database.rows("SELECT id FROM uploads WHERE transcription_id IS NULL", as: UUID.self)
        return try await blocking {
            guard let identity = FileIdentity(folder.path(of: name)) else { return false }
            return waiting.contains { FileIdentity(folder.partialPath(of: $0)) == identity }
        }
    }

    /// Removes a file that is not whole, unless its upload can still be resumed.
    private func settlePartial(_ name: String) async throws {
        guard let lock = try await lock(name) else { return }
        defer { withExtendedLifetime(lock) {} }
        let upload = try await database.row(
            "SELECT 1 FROM uploads WHERE id::text || \(RecordingFolder.partialSuffix) = \(name) AND transcription_id IS NULL",
            as: Int.self
        )
        guard upload == nil else { return }
        let isOld = try await blocking {
            let changed = try FileManager.default.attributesOfItem(atPath: folder.path(of: name).string)[.modificationDate] as? Date
            return changed.map { $0 < startedAt } ?? false
        }
        guard isOld else { return }
        try await blocking { _ = unlink(folder.path(of: name).string) }
        Logger.current.notice("Removed a file that an interrupted upload left behind", metadata: ["file": "\(name)"])
    }

    /// Locks a file; nil while a running process holds it, or if it is gone.
    private func lock(_ name: String) async throws -> LockedFile? {
        do {
            return try await blocking { try LockedFile(existing: folder.path(of: name)) }
        } catch Errno.wouldBlock, Errno.noSuchFileOrDirectory {
            return nil
        }
    }
}
