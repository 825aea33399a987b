import Foundation
import Postgres

/// The log of events, which those who follow Earshot read.
package struct EventLog: Sendable {
    let database: Database

    /// The events after an id, the earliest first.
    package func read(after id: Int64, limit: Int) async throws -> ArchiveEvents {
        try await database.read { session in
            let events = try session.rows(
                "SELECT id, kind, data::text FROM events WHERE id > \(id) ORDER BY id LIMIT \(limit)::bigint",
                as: (Int64, ArchiveEvent.Kind, String).self
            ).map { ArchiveEvent(id: $0.0, kind: $0.1, data: $0.2) }
            // Read after the events, so that those which are removed in between are noticed.
            let ends = try session.row(
                "SELECT (SELECT newest_gone FROM trimmed_events), (SELECT coalesce(max(id), 0) FROM events)",
                as: (Int64, Int64).self
            )
            return ArchiveEvents(events: events, newestGone: ends?.0 ?? 0, newest: ends?.1 ?? 0)
        }
    }

    /// Records the state of a model's download.
    ///
    /// - Parameter details: A JSON object, as clients see it.
    package func recordDownload(of model: String, _ details: some Encodable & Sendable) async throws {
        try await database.transaction { session in
            try session.record(.model, of: model, details)
        }
    }
}
