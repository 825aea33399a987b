import Foundation
import Postgres

extension Archive {
    static let eventChannel = "earshot_events"

    /// What happened after an event, the earliest first.
    package func events(after id: Int64, limit: Int) async throws -> ArchiveEvents {
        try await database.read { session in
            let events = try session.rows(
                "SELECT id, kind, data::text FROM events WHERE id > \(id) ORDER BY id LIMIT \(limit)::bigint",
                as: (Int64, ArchiveEvent.Kind, String).self
            ).map { ArchiveEvent(id: $0.0, kind: $0.1, data: $0.2) }
            // Read after the events, so that what is thrown away in between is noticed.
            let ends = try session.row(
                "SELECT (SELECT newest_gone FROM trimmed_events), (SELECT coalesce(max(id), 0) FROM events)",
                as: (Int64, Int64).self
            )
            return ArchiveEvents(events: events, newestGone: ends?.0 ?? 0, newest: ends?.1 ?? 0)
        }
    }

    /// Keeps the newest events, and throws the older ones away.
    package func trimEvents(keeping count: Int) async throws {
        try await database.transaction { session in
            try session.execute(
                """
                WITH gone AS (
                    DELETE FROM events WHERE id < (SELECT id FROM events ORDER BY id DESC OFFSET \(max(1, count) - 1)::bigint LIMIT 1)
                    RETURNING id
                )
                UPDATE trimmed_events SET newest_gone = greatest(newest_gone, (SELECT max(id) FROM gone))
                WHERE EXISTS (SELECT FROM gone)
                """
            )
        }
    }

    /// Tells every process how a model's download stands.
    ///
    /// - Parameter details: A JSON object, as clients see it.
    package func announce(model name: String, _ details: some Encodable & Sendable) async throws {
        try await database.transaction { session in
            try session.record(.model, of: name, details)
        }
    }
}

extension Session {
    private static let eventLock = 0x45_76_65_6e_74_73

    /// Writes an event down; only to be called right before the commit.
    ///
    /// Ids have to come in the order of the commits: a reader who has seen the fifth event never asks for the fourth one again. So from
    /// here to the commit one transaction goes at a time, as they do anyway in PostgreSQL when they notify.
    func record(_ kind: ArchiveEvent.Kind, of subject: String, _ details: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let data = String(decoding: try encoder.encode(details), as: UTF8.self)
        try execute("SELECT pg_advisory_xact_lock(\(Self.eventLock))")
        try execute(
            """
            INSERT INTO events (kind, subject, data) VALUES (\(kind.rawValue), \(subject), \(data)::jsonb)
            ON CONFLICT (kind, subject) WHERE kind IN ('status', 'model') DO UPDATE SET id = DEFAULT, data = excluded.data
            """
        )
        try execute("SELECT pg_notify(\(Archive.eventChannel), '')")
    }
}
