import Foundation
import Postgres
import ServiceLifecycle

/// Adds the segments of edited texts to the indexes of the search, a few at a time.
///
/// Until then a search looks at them one by one. See `0004-indexing.sql` for the reason.
struct SearchIndexing: Sendable {
    /// So many segments are added in one transaction, which takes a fraction of a second.
    private static let step = 500
    /// It rests so many times as long as it works.
    private static let restPerWork = 9

    let database: Database

    /// Adds all that are missing; stops early at shutdown.
    func catchUp() async throws {
        while !Task.isShuttingDownGracefully,
            let id = try await database.row("SELECT id FROM transcriptions WHERE has_unindexed ORDER BY id LIMIT 1", as: UUID.self)
        {
            var next: Int? = 0
            while !Task.isShuttingDownGracefully, let ordinal = next {
                let began = ContinuousClock.now
                next = try await addSome(of: id, from: ordinal)
                // Searches find the rest without the indexes; requests need the processor and the disk at once.
                let rest = (.now - began) * Self.restPerWork
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: rest) }
                try Task.checkCancellation()
            }
        }
    }

    /// Adds some segments of a current text, from an ordinal on; returns where to continue, nil at the end.
    private func addSome(of id: UUID, from ordinal: Int) async throws -> Int? {
        try await database.transaction { session in
            // Against an edit, which makes another text the current one.
            guard try session.lockTranscription(id) != nil else { return nil }
            let current: SQL = "s.transcription_id = \(id) AND s.revision = (SELECT revision FROM transcriptions WHERE id = \(id))"
            let end = ordinal + Self.step
            try session.execute(
                """
                UPDATE segments s SET is_indexed = true
                WHERE \(sql: current) AND s.ordinal >= \(ordinal) AND s.ordinal < \(end) AND NOT s.is_indexed
                """
            )
            let left = try session.row(
                "SELECT min(s.ordinal) FROM segments s WHERE \(sql: current) AND s.ordinal >= \(end) AND NOT s.is_indexed",
                as: Int?.self
            )
            if let left, let left { return left }
            // An edit that came meanwhile may have left others before this place.
            try session.execute(
                """
                UPDATE transcriptions t SET has_unindexed = EXISTS (
                    SELECT FROM segments s WHERE \(sql: current) AND s.ordinal IS NOT NULL AND NOT s.is_indexed
                ) WHERE id = \(id)
                """
            )
            return nil
        }
    }
}
