import Basics
import Foundation
import Postgres
import SystemPackage

/// What is known of the database, the folder of recordings, the queue and the workers, for checks of their health.
package struct ArchiveStatus: Sendable {
    /// The jobs that are due and that no worker has taken.
    package struct Queue: Sendable, Hashable {
        package var waiting: Int
        /// For how long the one that came first has been due; zero without any.
        package var oldest: Duration
    }

    /// A worker that reported within the last 20 seconds.
    package struct Worker: Sendable, Hashable {
        package var name: String
        package var lanes: Int
        /// For how long the oldest of its jobs has not progressed; nil while it does nothing.
        package var silence: Duration?
    }

    let database: Database
    let folder: RecordingFolder

    /// Throws when the database does not answer.
    package func checkDatabase() async throws {
        _ = try await database.execute("SELECT 1")
    }

    /// Throws when the folder of recordings is missing, not mounted, or can't be read or written.
    package func checkFolder() async throws {
        do {
            try await folder.checkAccess()
        } catch Errno.noSpace {
            // The check of the free space says so.
        }
    }

    /// The free space of the disk with the recordings in bytes, and how much of it must stay free.
    package func space() async throws -> (free: Int64, reserve: Int64) {
        (free: try await blocking { try folder.freeSpace() }, reserve: folder.reserve)
    }

    package func queue() async throws -> Queue {
        let row = try await database.row(
            """
            SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(j.run_at)), 0)::double precision
            FROM jobs j JOIN transcriptions t ON t.id = j.transcription_id
            WHERE j.lease_until IS NULL AND j.run_at <= clock_timestamp() AND t.state IN ('pending', 'processing')
            """,
            as: (Int, Double).self
        )
        return Queue(waiting: row?.0 ?? 0, oldest: .seconds(row?.1 ?? 0))
    }

    package func workers() async throws -> [Worker] {
        try await Self.workers(on: "", in: database)
    }

    /// The workers that run whose name starts with the machine's.
    ///
    /// For a health check, which must not migrate the database.
    package static func workers(onMachine machine: String, in database: Database) async throws -> [Worker] {
        try await workers(on: machine + "/", in: database)
    }

    private static func workers(on prefix: String, in database: Database) async throws -> [Worker] {
        try await database.rows(
            """
            SELECT name, lanes, extract(epoch FROM clock_timestamp() - silent_since)::double precision FROM workers
            WHERE starts_with(name, \(prefix)) AND seen_at > clock_timestamp() - interval '20 seconds' ORDER BY name
            """,
            as: (String, Int, Double?).self
        ).map { Worker(name: $0, lanes: $1, silence: $2.map { .seconds($0) }) }
    }
}
