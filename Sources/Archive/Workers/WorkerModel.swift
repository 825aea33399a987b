import Foundation
import Postgres

/// What a worker says of a model.
package struct WorkerModel: Codable, Sendable, Hashable {
    /// How far the worker is with it.
    package enum State: String, Codable, Sendable {
        case loading, loaded, failed
    }

    package let name: String
    package let state: State
    /// The memory that it takes, in bytes; nil while it is not loaded.
    package let memoryBytes: Int64?
    /// Why it could not be loaded, for people; nil otherwise.
    package let message: String?

    package init(name: String, state: State, memoryBytes: Int64? = nil, message: String? = nil) {
        self.name = name
        self.state = state
        self.memoryBytes = memoryBytes
        self.message = message
    }

    enum CodingKeys: String, CodingKey {
        case name, state, message
        case memoryBytes = "memory_bytes"
    }
}

/// What workers are asked to do with a model outside any job.
package enum ModelRequest: Sendable, Hashable {
    /// Load it and keep it ready.
    case load(String)
    /// Let go of it as soon as no job uses it.
    case unload(String)

    /// Its form in a notification: a verb, a space and the model's name.
    var payload: String {
        switch self {
        case .load(let name): "load \(name)"
        case .unload(let name): "unload \(name)"
        }
    }

    /// A request from its form in a notification.
    init?(payload: String) {
        let words = payload.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first, words.last) {
        case ("load", let name?) where words.count == 2: self = .load(name)
        case ("unload", let name?) where words.count == 2: self = .unload(name)
        default: return nil
        }
    }
}

extension Archive {
    static let modelChannel = "earshot_models"

    /// What the workers that are there say of their models; one model may be told of by several.
    package func workerModels() async throws -> [WorkerModel] {
        try await database.read { session in
            try session.rows(
                "SELECT models::text FROM workers WHERE seen_at > clock_timestamp() - interval '20 seconds' ORDER BY name",
                as: String.self
            ).flatMap { text in (try? JSONDecoder().decode([WorkerModel].self, from: Data(text.utf8))) ?? [] }
        }
    }

    /// Asks every worker that is there at the moment.
    package func ask(_ request: ModelRequest) async throws {
        try await database.transaction { session in
            try session.execute("SELECT pg_notify(\(Self.modelChannel), \(request.payload))")
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

    /// Ends every transcription badly that waits for a model which can't be had.
    package func failAll(waitingFor model: String, _ failure: TranscriptionFailure) async throws {
        let failed = try await database.transaction { session in
            let ids = try session.rows(
                """
                UPDATE transcriptions SET state = 'failed', error_code = \(failure.code), error_message = \(failure.message)
                WHERE model = \(model) AND state IN ('pending', 'processing') RETURNING id
                """,
                as: UUID.self
            )
            for id in ids {
                try session.execute("DELETE FROM jobs WHERE transcription_id = \(id)")
                try session.announce(id, .failed)
            }
            return ids
        }
        for id in failed { await files.removeSpool(of: id) }
    }
}
