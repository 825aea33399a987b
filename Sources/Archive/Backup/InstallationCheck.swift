import Foundation
import Postgres

/// Compares every recording's file with the size and the SHA-256 that the database has for it.
package struct InstallationCheck: Sendable {
    /// What was found.
    package struct Outcome: Sendable, Hashable {
        package let recordings: Int
        package let bytes: Int64
        /// A sentence for each file that is not as it should be.
        package let problems: [String]
        /// The files that no recording names.
        package let lost: Int
        /// The files whose deletion was promised and is still to be done.
        package let doomed: Int
    }

    private let archive: Archive
    private let database: Database
    private let onProgress: @Sendable (BackupProgress) -> Void

    package init(archive: Archive, database: Database, onProgress: @escaping @Sendable (BackupProgress) -> Void) {
        self.archive = archive
        self.database = database
        self.onProgress = onProgress
    }

    /// Reads every file; Earshot may run meanwhile.
    package func run() async throws -> Outcome {
        let rows = try await database.rows(
            "SELECT stored_filename, size_bytes, sha256 FROM audio_files ORDER BY uploaded_at, id",
            as: (String, Int64, String).self
        )
        let total = rows.reduce(0) { $0 + $1.1 }
        var done: Int64 = 0
        var problems: [String] = []
        for (name, bytes, sha256) in rows {
            let problem = try await StoredFile(name: name, bytes: bytes, sha256: sha256).read(in: archive.recordings.folder) { piece in
                done += Int64(piece.count)
                onProgress(BackupProgress(step: .reading, bytes: done, total: total))
            }
            guard let problem else { continue }
            // It may have been deleted since.
            let row = try await database.row("SELECT 1 FROM audio_files WHERE stored_filename = \(name)", as: Int.self)
            if row != nil { problems.append(problem) }
        }
        return Outcome(
            recordings: rows.count,
            bytes: total,
            problems: problems,
            lost: try await archive.lostFiles.list().count,
            doomed: try await archive.doomedFiles.backlog().count
        )
    }
}
