import Foundation
import Postgres

/// What a worker calculates on.
package struct WorkerDevice: Sendable, Hashable {
    /// The engine's short name: "CPU", "CUDA0".
    package var name: String
    /// What the device calls itself: "NVIDIA GeForce RTX 4090".
    package var description: String

    package init(name: String, description: String) {
        self.name = name
        self.description = description
    }
}

extension Archive {
    /// Says that a worker is there, how many blocks it recognises at the same time, how far it is with which models and what it calculates
    /// on; to be said again every few seconds.
    package func announce(
        worker: String,
        lanes: Int,
        models: [WorkerModel] = [],
        device: WorkerDevice? = nil
    ) async throws {
        let told = String(decoding: try JSONEncoder().encode(models), as: UTF8.self)
        try await database.transaction { session in
            try session.execute(
                """
                INSERT INTO workers (name, lanes, models, device, device_description, seen_at)
                VALUES (\(worker), \(lanes), \(told)::jsonb, \(device?.name), \(device?.description), clock_timestamp())
                ON CONFLICT (name) DO UPDATE SET lanes = excluded.lanes, models = excluded.models, device = excluded.device,
                    device_description = excluded.device_description, seen_at = excluded.seen_at
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

    /// What the workers that are there calculate on.
    package func workerDevices() async throws -> [WorkerDevice] {
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

    /// Says that a worker is gone.
    package func dismiss(worker: String) async throws {
        try await database.transaction { session in
            try session.execute("DELETE FROM workers WHERE name = \(worker)")
        }
    }
}
