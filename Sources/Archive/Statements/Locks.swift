import Foundation
import Postgres

// Every transaction that takes several of these locks takes them in the same order, which docs/architecture.md states.

extension Session {
    /// Locks a content for this transaction, and the recording that has it against deletion; nil if there is no such recording.
    ///
    /// Of two uploads of the same content at once the second waits here, so that only one becomes a file.
    func lockContent(sha256: String, size: Int64) throws -> (id: UUID, storedFilename: String, originalFilename: String)? {
        try execute("SELECT pg_advisory_xact_lock(hashtextextended(\(sha256), 0))")
        return try row(
            """
            SELECT id, stored_filename, original_filename FROM audio_files WHERE sha256 = \(sha256) AND size_bytes = \(size)
            ORDER BY uploaded_at, id LIMIT 1 FOR NO KEY UPDATE
            """,
            as: (UUID, String, String).self
        ).map { (id: $0.0, storedFilename: $0.1, originalFilename: $0.2) }
    }

    /// Locks a recording against deletion, and against another request for a transcription of it.
    func lockRecording(_ id: UUID) throws {
        let found = try row("SELECT 1 FROM audio_files WHERE id = \(id) FOR NO KEY UPDATE", as: Int.self)
        guard found != nil else { throw ArchiveError.audioFileNotFound(id) }
    }

    /// Locks a transcription, so that no other transaction changes its state, its text or its jobs; nil if it does not exist.
    @discardableResult
    func lockTranscription(_ id: UUID) throws -> (state: TranscriptionState, revision: Int)? {
        try row(
            "SELECT state, revision FROM transcriptions WHERE id = \(id) FOR NO KEY UPDATE",
            as: (TranscriptionState, Int).self
        ).map { (state: $0.0, revision: $0.1) }
    }

    /// Locks a job's row, and changes it if asked.
    ///
    /// - Throws: `LeaseLost` if the job is no longer this worker's, so that no result of a late worker is ever stored.
    func hold(_ job: Job, _ change: SQL = "attempt = attempt") throws {
        guard
            try execute("UPDATE jobs SET \(sql: change) WHERE id = \(job.id) AND attempt = \(job.attempt) AND lease_until IS NOT NULL") == 1
        else { throw LeaseLost() }
    }
}
