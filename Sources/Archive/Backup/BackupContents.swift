import Foundation
import Postgres
import SystemPackage

/// What a dump of the database says about itself: the facts come from the dump, so that they are of its moment.
struct BackupContents: Sendable {
    let rows: [String: Int]
    let recordings: [StoredFile]
    let identity: String
    let migration: String

    init(of dump: FilePath, _ programs: DumpPrograms) async throws {
        let contents: DumpContents
        do {
            contents = try await programs.contents(of: dump, rowsOf: ["audio_files", "archive_identity", "schema_migrations"])
        } catch let error as PostgresError {
            throw BackupError.damaged(error.message)
        }
        rows = contents.counts
        recordings = try (contents.rows["audio_files"] ?? []).map { row in
            guard let name = row["stored_filename"], Self.isFileName(name), let bytes = row["size_bytes"].flatMap({ Int64($0) }),
                let sha256 = row["sha256"]
            else { throw BackupError.damaged("a row of a recording can't be read") }
            return StoredFile(name: name, bytes: bytes, sha256: sha256)
        }
        guard let identity = contents.rows["archive_identity"]?.first?["id"],
            let migration = contents.rows["schema_migrations"]?.compactMap({ $0["name"] }).max()
        else { throw BackupError.damaged("the dump is of another program's database") }
        self.identity = identity
        self.migration = migration
    }

    /// Whether a name is one that Earshot gives, which lies in the folder of recordings and nowhere else.
    static func isFileName(_ name: String) -> Bool {
        UUID(uuidString: String(name.prefix(36))) != nil && !name.contains("/") && !name.contains("\\") && name.utf8.count < 80
    }
}
