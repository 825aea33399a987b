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

    /// Says that a worker is gone.
    package func dismiss(worker: String) async throws {
        try await database.transaction { session in
            try session.execute("DELETE FROM workers WHERE name = \(worker)")
        }
    }
}
