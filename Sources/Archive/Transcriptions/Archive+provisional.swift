import Foundation
import Logging
import Postgres

extension Archive {
    /// Keeps a provisional transcription for good; any other one is kept already.
    package func keep(_ id: UUID) async throws {
        try await database.transaction { session in
            _ = try session.execute("UPDATE transcriptions SET is_provisional = false WHERE id = \(id) AND is_provisional")
        }
    }

    /// Deletes a transcription with its recording if it is provisional; any other one is left alone.
    package func withdraw(_ id: UUID) async throws {
        let isProvisional = try await database.read { session in
            try session.row("SELECT is_provisional FROM transcriptions WHERE id = \(id)", as: Bool.self) ?? false
        }
        if isProvisional { _ = try await delete(id) }
    }

    /// Deletes provisional transcriptions whose client can't be waiting any more, because the process that would have answered it is gone.
    ///
    /// An answer follows the end at once, so what ended an hour ago is nobody's; of those that ended badly only the beginning is known.
    package func sweepProvisional() async throws {
        let left = try await database.read { session in
            try session.rows(
                """
                SELECT id FROM transcriptions WHERE is_provisional AND (
                    completed_at < clock_timestamp() - interval '1 hour'
                    OR state IN ('failed', 'cancelled') AND created_at < clock_timestamp() - interval '1 day'
                )
                """,
                as: UUID.self
            )
        }
        for id in left {
            try await withdraw(id)
            Logger.current.notice("Removed a transcription whose client was never answered", metadata: ["transcription": "\(id)"])
        }
    }
}
