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
    ///   - holds: Why it leaves jobs waiting at the moment; each that begins or ends is recorded as an event.
    ///   - silence: For how long the oldest of its jobs has not progressed; nil while it does nothing.
    package func announce(
        worker: String,
        lanes: Int,
        models: [WorkerModel] = [],
        device: WorkerDevice? = nil,
        holds: [Hold] = [],
        silence: Duration? = nil
    ) async throws {
        let list = String(decoding: try JSONEncoder().encode(models), as: UTF8.self)
        try await reports.transaction { session in
            let before = try session.holds(of: worker)
            try session.execute(
                """
                INSERT INTO workers (name, lanes, models, device, device_description, holds, seen_at, silent_since)
                VALUES (\(worker), \(lanes), \(list)::jsonb, \(device?.name), \(device?.description), \(holds.json)::jsonb,
                        clock_timestamp(), clock_timestamp() - make_interval(secs => \(silence?.seconds)::double precision))
                ON CONFLICT (name) DO UPDATE SET lanes = excluded.lanes, models = excluded.models, device = excluded.device,
                    device_description = excluded.device_description, holds = excluded.holds, seen_at = excluded.seen_at,
                    silent_since = excluded.silent_since
                """
            )
            try session.announceHolds(of: worker, from: before, to: holds)
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
            try session.announceHolds(of: worker, from: session.holds(of: worker), to: [])
            try session.execute("DELETE FROM workers WHERE name = \(worker)")
        }
    }

    /// Writes to a worker's row, which shows that the database takes changes.
    package func touch(worker: String) async throws {
        try await database.transaction { session in
            _ = try session.execute("UPDATE workers SET seen_at = clock_timestamp() WHERE name = \(worker)")
        }
    }

    /// Why jobs wait at the moment: the faults of the workers that run, by their names. A worker without a fault has an empty list.
    package func holds() async throws -> [String: [Hold]] {
        try await database.read { session in try session.currentHolds() }
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
