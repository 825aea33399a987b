import Foundation
import Postgres
import SystemPackage

/// The stores over one database and one folder of recordings.
///
/// It is made once, where the program is put together. Everything else is given the stores that it needs, so that what a part can change
/// is what it was given.
package struct Archive: Sendable {
    package let recordings: RecordingStore
    package let uploads: UploadStore
    package let queue: JobQueue
    package let blocks: BlockStore
    package let texts: TextStore
    package let library: Library
    package let search: SearchIndex
    package let events: EventLog
    package let workers: WorkerRegistry
    package let status: ArchiveStatus
    package let identity: SharedIdentity
    package let doomedFiles: DoomedFiles
    package let lostFiles: LostFiles
    private let database: Database

    /// - Parameters:
    ///   - database: Must be up to date; see `migrate`.
    ///   - reserve: Connections to the same database for what must never wait behind requests: leases, reports of workers, and health. Nil for
    ///     the same ones.
    package init(database: Database, reserve: Database? = nil, folder: RecordingFolder) {
        let reserve = reserve ?? database
        self.database = database
        recordings = RecordingStore(database: database, folder: folder)
        uploads = UploadStore(database: database, folder: folder)
        queue = JobQueue(database: database, leases: reserve, folder: folder)
        blocks = BlockStore(database: database)
        texts = TextStore(database: database)
        library = Library(database: database, folder: folder)
        search = SearchIndex(database: database)
        events = EventLog(database: database)
        workers = WorkerRegistry(database: database, reports: reserve)
        status = ArchiveStatus(database: reserve, folder: folder)
        identity = SharedIdentity(database: database, folder: folder)
        doomedFiles = DoomedFiles(database: database, folder: folder)
        lostFiles = LostFiles(folder: folder)
    }

    /// The service that removes what is no longer needed.
    ///
    /// - Parameters:
    ///   - uploadLifetime: How long a resumable upload is kept while no bytes arrive.
    ///   - eventsKept: How many of the latest events are kept.
    ///   - lostFilesKept: How long files that no row names are kept; nil for ever.
    package func housekeeping(uploadLifetime: Duration, eventsKept: Int, lostFilesKept: Duration?) -> Housekeeping {
        Housekeeping(
            database: database,
            folder: recordings.folder,
            library: library,
            uploadLifetime: uploadLifetime,
            eventsKept: eventsKept,
            lostFilesKept: lostFilesKept
        )
    }

    /// Brings the tables up to date; safe when several processes start at once.
    package static func migrate(_ database: Database) async throws {
        let folder = FilePath(Bundle.module.bundlePath).appending("migrations")
        try await Migrator(migrations: Migrator.migrations(in: folder), replacing: earlierMigrations).migrate(database)
    }

    /// The steps that `0001-schema` replaces; a database that has all of them is upgraded.
    private static let earlierMigrations = EarlierMigrations(
        names: [
            "0001-first-tables", "0002-blocks", "0003-models", "0004-library", "0006-uploads", "0007-provisional", "0008-search",
            "0009-events", "0010-trimmed-events",
        ],
        sql: "ALTER TABLE transcriptions RENAME COLUMN heard_ms TO processed_ms"
    )
}
