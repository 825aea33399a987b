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

/// The identity that a database and its folder of recordings share: a row here, a marker file there.
///
/// Whoever works with both checks it first. With the wrong database every recording would look like a file that nobody knows, and with the
/// wrong folder every recording would be missing.
package struct SharedIdentity: Sendable {
    let database: Database
    let folder: RecordingFolder

    /// Why a folder is not used with a database.
    package enum Refusal: Error, Hashable, CustomStringConvertible {
        /// The folder has the marker of another database.
        case otherDatabase(folder: FilePath)
        /// The folder has recordings, none of which this database knows, and no marker.
        case noMarker(folder: FilePath)
        /// The database has recordings, but the folder has neither the marker nor any file.
        case emptyFolder(folder: FilePath, recordings: Int)

        package var description: String {
            switch self {
            case .otherDatabase(let folder):
                """
                The folder of recordings \(folder) belongs to another database than the one that DATABASE_URL names. Nothing was changed. \
                Correct DATABASE_URL or UPLOAD_DIR. If they are right, for instance because the database was set up anew, run \
                “earshot recordings adopt”: the files that this database does not know are then set aside in \(folder)/lost.
                """
            case .noMarker(let folder):
                """
                The folder \(folder) has recordings that this database does not know, and no file \(SharedIdentity.markerName) that says \
                which database they belong to. Nothing was changed. Correct DATABASE_URL or UPLOAD_DIR. If they are right, run “earshot \
                recordings adopt”: the files that this database does not know are then set aside in \(folder)/lost.
                """
            case .emptyFolder(let folder, let recordings):
                """
                The database has \(recordings) recordings, but the folder \(folder) is empty. Nothing was changed. Is its volume mounted, and \
                UPLOAD_DIR right? If the files are really gone, run “earshot recordings adopt” to use the empty folder.
                """
            }
        }
    }

    static let markerName = ".earshot-identity"

    private var markerPath: FilePath { folder.path(of: Self.markerName) }

    /// Checks that the folder belongs to the database; marks one that belongs to none yet.
    ///
    /// - Throws: `Refusal`.
    package func check() async throws {
        let (id, isShared) = try await stored()
        if let marker = try await marker() {
            guard marker == id.lowercased else { throw Refusal.otherDatabase(folder: folder.folder) }
            return try await noteShared()
        }
        let files = try await blocking { try folder.storedFilenames() }
        if files.isEmpty {
            let recordings = try await database.row("SELECT count(*) FROM audio_files", as: Int.self) ?? 0
            guard !isShared || recordings == 0 else { throw Refusal.emptyFolder(folder: folder.folder, recordings: recordings) }
        } else {
            // A folder of an earlier version has no marker, but this database knows its files.
            let known = try await database.row(
                "SELECT count(*) FROM audio_files WHERE stored_filename = ANY (\(files)::text[])",
                as: Int.self
            )
            guard !isShared, known ?? 0 > 0 else { throw Refusal.noMarker(folder: folder.folder) }
        }
        try await mark(id)
        // Another process may have been faster, with another database.
        guard try await marker() == id.lowercased else { throw Refusal.otherDatabase(folder: folder.folder) }
    }

    /// Gives the folder to this database, whatever it belonged to before.
    package func adopt() async throws {
        let (id, _) = try await stored()
        try await blocking {
            guard unlink(markerPath.string) == 0 || errno == ENOENT else { throw Errno(rawValue: errno) }
        }
        try await mark(id)
    }

    /// Whether the folder has a marker, which a folder whose volume is not mounted lacks. Blocks its thread.
    static func isMarked(_ folder: RecordingFolder) -> Bool {
        access(folder.path(of: markerName).string, F_OK) == 0
    }

    private func stored() async throws -> (id: UUID, isShared: Bool) {
        guard let row = try await database.row("SELECT id, is_shared FROM archive_identity", as: (UUID, Bool).self) else {
            throw PostgresError(.migration, message: "The table archive_identity has lost its row; restore the database from a backup.")
        }
        return (row.0, row.1)
    }

    /// The marker's content; nil if there is no marker.
    private func marker() async throws -> String? {
        try await blocking {
            guard Self.isMarked(folder) else { return nil }
            let text = try String(contentsOfFile: markerPath.string, encoding: .utf8)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    private func mark(_ id: UUID) async throws {
        try await blocking {
            // Written whole before it has its name, and never over another one.
            let draft = folder.path(of: Self.markerName + "-" + UUID().lowercased)
            defer { unlink(draft.string) }
            try Data("\(id.lowercased)\n".utf8).write(to: URL(filePath: draft.string))
            if link(draft.string, markerPath.string) != 0 {
                guard errno != EEXIST else { return }
                // The file system knows no second name for a file.
                guard rename(draft.string, markerPath.string) == 0 else { throw Errno(rawValue: errno) }
            }
            try FileDescriptor.synchronizeFolder(of: markerPath)
        }
        try await noteShared()
        Logger.current.notice("The folder of recordings belongs to this database now", metadata: ["folder": "\(folder.folder)"])
    }

    private func noteShared() async throws {
        try await database.transaction { session in
            _ = try session.execute("UPDATE archive_identity SET is_shared = true WHERE NOT is_shared")
        }
    }
}
