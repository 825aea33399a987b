import Basics
import Foundation
import Postgres
import SystemPackage

/// The states that restored backups have replaced: schemas of the database, and folders in the folder of recordings.
package struct OldStates: Sendable {
    private let database: Database
    private let folder: RecordingFolder

    package init(database: Database, folder: RecordingFolder) {
        self.database = database
        self.folder = folder
    }

    /// Removes all of them for good, and returns their names.
    package func removeAll() async throws -> [String] {
        let schemas = try await database.rows(
            "SELECT nspname::text FROM pg_namespace WHERE nspname ~ ('^' || \(BackupRestorer.oldSchemaPrefix) || '[0-9]+$') ORDER BY 1",
            as: String.self
        )
        for schema in schemas { try await database.execute("DROP SCHEMA \(identifier: schema) CASCADE") }
        let folders = try await blocking {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.folder.string)
            let old = names.filter { $0.hasPrefix(BackupRestorer.oldFolderPrefix) }.sorted()
            for name in old { try FileManager.default.removeItem(atPath: folder.path(of: name).string) }
            return old
        }
        return schemas + folders
    }
}
