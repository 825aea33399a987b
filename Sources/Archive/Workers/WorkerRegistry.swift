import Basics
import Foundation
import Postgres

/// The device that a worker computes on.
package struct WorkerDevice: Sendable, Hashable {
    /// The engine's short name: "CPU", "CUDA0".
    package var name: String
    /// The device's own name: "NVIDIA GeForce RTX 4090".
    package var description: String

    package init(name: String, description: String) {
        self.name = name
        self.description = description
    }
}

/// The workers that run at the moment: their lanes, models and devices; and the requests to them.
package struct WorkerRegistry: Sendable {
    let database: Database
    /// Connections for the reports of workers, which must not wait behind requests.
    let reports: Database

    /// Registers a worker, or updates it; a worker that is not announced again within 20 seconds counts as gone.
    ///
    /// - Parameters:
    ///   - lanes: How many blocks it recognizes at the same time.
    ///   - silence: For how long the oldest of its jobs has not progressed; nil while it does nothing.
    package func announce(
        worker: String,
        lanes: Int,
        models: [WorkerModel] = [],
        device: WorkerDevice? = nil,
        silence: Duration? = nil
    ) async throws {
        let list = String(decoding: try JSONEncoder().encode(models), as: UTF8.self)
        try await reports.transaction { session in
            try session.execute(
                """
                INSERT INTO workers (name, lanes, models, device, device_description, seen_at, silent_since)
                VALUES (\(worker), \(lanes), \(list)::jsonb, \(device?.name), \(device?.description), clock_timestamp(),
                        clock_timestamp() - make_interval(secs => \(silence?.seconds)::double precision))
                ON CONFLICT (name) DO UPDATE SET lanes = excluded.lanes, models = excluded.models, device = excluded.device,
                    device_description = excluded.device_description, seen_at = excluded.seen_at, silent_since = excluded.silent_since
                """
            )
            try session.execute("DELETE FROM workers WHERE seen_at < clock_timestamp() - interval '1 hour'")
        }
    }

    /// The devices of the workers that run.
    package func devices() async throws -> [WorkerDevice] {
        try await database.read { session in
            try session.rows(
                """
                SELECT device, coalesce(device_description, '') FROM workers
                WHERE device IS NOT NULL AND seen_at > clock_timestamp() - interval '20 seconds' ORDER BY name
                """,
                as: (String, String).self
            ).map { WorkerDevice(name: $0.0, description: $0.1) }
        }
    }

    /// Removes a worker that stops.
    package func dismiss(worker: String) async throws {
        try await database.transaction { session in
            try session.execute("DELETE FROM workers WHERE name = \(worker)")
        }
    }

    /// The models of the workers that run; several workers may report the same one.
    package func models() async throws -> [WorkerModel] {
        try await database.read { session in
            try session.rows(
                "SELECT models::text FROM workers WHERE seen_at > clock_timestamp() - interval '20 seconds' ORDER BY name",
                as: String.self
            ).flatMap { text in (try? JSONDecoder().decode([WorkerModel].self, from: Data(text.utf8))) ?? [] }
        }
    }

    /// The models that unfinished transcriptions need.
    package func neededModels() async throws -> [String] {
        try await database.read { session in
            try session.rows(
                "SELECT DISTINCT model FROM transcriptions WHERE state IN ('pending', 'processing', 'paused') ORDER BY model",
                as: String.self
            )
        }
    }

    /// Sends a request to every worker that runs at the moment.
    package func ask(_ request: ModelRequest) async throws {
        try await database.transaction { session in
            try session.execute("SELECT pg_notify(\(Channel.models), \(request.payload))")
        }
    }
}
