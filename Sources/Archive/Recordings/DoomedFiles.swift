import Basics
import Foundation
import Logging
import Postgres
import SystemPackage

/// Files whose deletion was promised. A row of each is committed with the deletion, and stays until the file is gone from the disk.
package struct DoomedFiles: Sendable {
    let database: Database
    let folder: RecordingFolder

    /// How many files are still there, and why the oldest is.
    package struct Backlog: Sendable, Hashable {
        package var count: Int
        /// The time of the oldest promise; nil if there is none.
        package var since: Date?
        /// Why the oldest file could not be removed; nil if that was not tried yet.
        package var problem: String?
    }

    /// The files that are still there.
    package func backlog() async throws -> Backlog {
        let row = try await database.row(
            """
            SELECT count(*), min(doomed_at), (SELECT problem FROM doomed_files ORDER BY doomed_at LIMIT 1) FROM doomed_files
            """,
            as: (Int, Date?, String?).self
        )
        return Backlog(count: row?.0 ?? 0, since: row?.1, problem: row?.2)
    }

    /// Removes every file that is waiting for it.
    func removeAll() async throws {
        try await remove(database.rows("SELECT path FROM doomed_files ORDER BY doomed_at, path", as: String.self))
    }

    /// Removes files that a committed transaction doomed. Never throws: what can't be done now is done later.
    func removeNow(_ paths: [String]) async {
        Failpoint.reached("delete.committed")
        do {
            try await remove(paths)
        } catch {
            Logger.current.warning("Deleted files could not be struck off the list; that is tried again", metadata: ["error": "\(error)"])
        }
    }

    private func remove(_ paths: [String]) async throws {
        for path in paths {
            let problem = try await blocking { folder.removalProblem(of: path) }
            if let problem {
                Logger.current.error("A deleted file is still on the disk", metadata: ["file": "\(path)", "error": "\(problem)"])
            }
            try await database.transaction { session in
                if let problem {
                    try session.execute("UPDATE doomed_files SET problem = \(problem) WHERE path = \(path)")
                } else {
                    try session.execute("DELETE FROM doomed_files WHERE path = \(path)")
                }
            }
        }
    }
}

extension Session {
    /// Promises that files are removed, once this transaction commits.
    ///
    /// - Parameter paths: Inside the folder of recordings.
    func doom(_ paths: [String]) throws {
        try execute("INSERT INTO doomed_files (path) SELECT unnest(\(paths)::text[]) ON CONFLICT DO NOTHING")
    }
}
