import Foundation
import Postgres

extension Archive {
    /// Says that a worker is there, how many blocks it recognises at the same time and how far it is with which models; to be said again
    /// every few seconds.
    package func announce(worker: String, lanes: Int, models: [WorkerModel] = []) async throws {
        let told = String(decoding: try JSONEncoder().encode(models), as: UTF8.self)
        try await database.transaction { session in
            try session.execute(
                """
                INSERT INTO workers (name, lanes, models, seen_at) VALUES (\(worker), \(lanes), \(told)::jsonb, clock_timestamp())
                ON CONFLICT (name) DO UPDATE SET lanes = excluded.lanes, models = excluded.models, seen_at = excluded.seen_at
                """
            )
            try session.execute("DELETE FROM workers WHERE seen_at < clock_timestamp() - interval '1 hour'")
        }
    }

    /// Whether a worker whose name begins with the machine's has lately said that it is there.
    ///
    /// For a look from outside, which must not bring the tables up to date.
    package static func hasWorker(on machine: String, in database: Database) async throws -> Bool {
        try await database.row(
            """
            SELECT 1 FROM workers
            WHERE starts_with(name, \(machine + "/")) AND seen_at > clock_timestamp() - interval '20 seconds'
            """,
            as: Int.self
        ) != nil
    }

    /// Says that a worker is gone.
    package func dismiss(worker: String) async throws {
        try await database.transaction { session in
            try session.execute("DELETE FROM workers WHERE name = \(worker)")
        }
    }
}
