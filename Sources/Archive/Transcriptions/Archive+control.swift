import Foundation
import Postgres
import Transcripts

extension Archive {
    /// Stops a transcription for good; what was stored so far stays. A worker that is at it loses its lease, and its late result is dropped.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, or `.notPossible` if it is over already.
    package func cancel(_ id: UUID) async throws -> Transcription {
        let cancelled = try await change(id, to: .cancelled, from: [.pending, .processing, .paused]) { session in
            try session.execute("DELETE FROM jobs WHERE transcription_id = \(id)")
        }
        await files.removeSpool(of: id)
        return cancelled
    }

    /// Holds a transcription until it is resumed; what was stored so far stays.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, or `.notPossible` if it is over or paused already.
    package func pause(_ id: UUID) async throws -> Transcription {
        try await change(id, to: .paused, from: [.pending, .processing]) { session in
            // The next attempt's number is not that of whoever is at it now.
            try session.execute(
                """
                UPDATE jobs SET attempt = attempt + 1, lease_until = NULL, worker = NULL, taken_at = NULL WHERE transcription_id = \(id)
                """
            )
        }
    }

    /// Goes on with a paused transcription.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, or `.notPossible` if it is not paused.
    package func resume(_ id: UUID) async throws -> Transcription {
        try await change(id, to: .pending, from: [.paused]) { session in
            try session.announceJobs()
        }
    }

    /// Goes on with a transcription that failed or was cancelled, where it stopped.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, `.notPossible` if it is neither, or `.edited` while an edited text counts.
    package func retry(_ id: UUID) async throws -> Transcription {
        try await change(id, to: .pending, from: [.failed, .cancelled]) { session in
            let revision = try session.lockText(of: id).revision
            guard revision == 0 else { throw ArchiveError.edited(revision: revision) }
            try session.execute("UPDATE transcriptions SET queued_at = clock_timestamp() WHERE id = \(id)")
            // Its sound is gone with the failure, so it is decoded again; that queues the blocks that are left.
            try session.enqueue(.prepare, for: id)
        }
    }

    private func change(
        _ id: UUID,
        to state: TranscriptionState,
        from states: Set<TranscriptionState>,
        _ work: @escaping @Sendable (Session) throws -> Void
    ) async throws -> Transcription {
        try await database.transaction { session in
            let current = try session.row(
                "SELECT state FROM transcriptions WHERE id = \(id) FOR NO KEY UPDATE",
                as: TranscriptionState.self
            )
            guard let current else { throw ArchiveError.transcriptionNotFound(id) }
            guard states.contains(current) else { throw ArchiveError.notPossible(current) }
            try session.execute(
                "UPDATE transcriptions SET state = \(state.rawValue), error_code = NULL, error_message = NULL WHERE id = \(id)"
            )
            try work(session)
            try session.announce(id, state == .cancelled ? .cancelled : .status)
            guard let changed = try session.transcription(id) else { throw ArchiveError.transcriptionNotFound(id) }
            return changed
        }
    }
}
