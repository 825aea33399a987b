import Foundation
import Postgres
import Transcripts

extension Archive {
    /// The job whose turn it is, leased to this worker, or nil when there is nothing to do now.
    package func takeJob(worker: String, lease: Duration) async throws -> Job? {
        try await database.transaction { session in
            let taken = try session.row(
                """
                UPDATE jobs SET attempt = attempt + 1, worker = \(worker),
                    failures = failures + CASE WHEN lease_until IS NULL THEN 0 ELSE 1 END,
                    lease_until = clock_timestamp() + make_interval(secs => \(lease.seconds))
                WHERE id = (
                    SELECT id FROM jobs
                    WHERE run_at <= clock_timestamp() AND (lease_until IS NULL OR lease_until < clock_timestamp())
                    ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
                )
                RETURNING id, kind, transcription_id, attempt, failures
                """,
                as: (Int64, Job.Kind, UUID, Int64, Int).self
            )
            guard let (id, kind, transcriptionID, attempt, failures) = taken else { return nil }
            return Job(id: id, kind: kind, transcriptionID: transcriptionID, attempt: attempt, failures: failures)
        }
    }

    /// Keeps the lease of a job that is being worked on.
    package func renew(_ job: Job, lease: Duration) async throws {
        try await database.transaction { session in
            try session.hold(job, "lease_until = clock_timestamp() + make_interval(secs => \(lease.seconds))")
        }
    }

    /// Gives a job back so that anyone can go on with it at once: the worker is stopping.
    package func release(_ job: Job) async throws {
        try await database.transaction { session in
            try session.hold(job, "lease_until = NULL, worker = NULL")
            try session.execute("SELECT pg_notify(\(Archive.jobChannel), '')")
        }
    }

    /// Marks a job's transcription as being worked on, and tells what there is to do.
    package func begin(_ job: Job) async throws -> Transcription {
        try await database.transaction { session in
            try session.hold(job)
            try session.execute(
                "UPDATE transcriptions SET state = 'processing' WHERE id = \(job.transcriptionID) AND state <> 'processing'"
            )
            try session.announce(job.transcriptionID)
            guard let transcription = try session.transcription(job.transcriptionID) else { throw LeaseLost() }
            return transcription
        }
    }

    /// Tells how far the engine has listened; for progress bars only, nothing depends on it.
    package func note(_ job: Job, heardUntil: Timestamp) async throws {
        try await database.transaction { session in
            try session.hold(job)
            try session.execute("UPDATE transcriptions SET heard_until_ms = \(heardUntil.milliseconds) WHERE id = \(job.transcriptionID)")
            try session.announce(job.transcriptionID)
        }
    }

    /// Commits a block: its segments, and that everything up to `storedUntil` is done.
    ///
    /// - Parameter processing: The time this block took.
    package func append(
        _ segments: [Segment],
        storedUntil: Timestamp,
        language: String?,
        processing: Duration,
        to job: Job
    ) async throws {
        let id = job.transcriptionID
        try await database.transaction { session in
            try session.hold(job, "failures = 0")
            let next = try session.row("SELECT count(*) FROM segments WHERE transcription_id = \(id)", as: Int.self) ?? 0
            for (offset, segment) in segments.enumerated() {
                try session.execute(
                    """
                    INSERT INTO segments (transcription_id, ordinal, start_ms, end_ms, text, average_log_probability, no_speech_probability)
                    VALUES (\(id), \(next + offset), \(segment.start.milliseconds), \(segment.end.milliseconds), \(segment.text),
                            \(segment.averageLogProbability), \(segment.noSpeechProbability))
                    """
                )
            }
            try session.execute(
                """
                UPDATE transcriptions SET stored_until_ms = \(storedUntil.milliseconds), heard_until_ms = \(storedUntil.milliseconds),
                    language = coalesce(\(language)::text, language), processing_ms = processing_ms + \(processing.milliseconds)::bigint
                WHERE id = \(id)
                """
            )
            try session.announce(id)
        }
    }

    /// Ends a job well: its transcription is completed.
    package func complete(_ job: Job, duration: Timestamp, processing: Duration) async throws {
        try await database.transaction { session in
            try session.hold(job)
            try session.execute(
                """
                UPDATE transcriptions SET state = 'completed', completed_at = clock_timestamp(), duration_ms = \(duration.milliseconds),
                    heard_until_ms = \(duration.milliseconds), processing_ms = processing_ms + \(processing.milliseconds)::bigint
                WHERE id = \(job.transcriptionID)
                """
            )
            try session.finish(job)
        }
    }

    /// Ends a job badly: its transcription has failed, and what was stored so far stays.
    package func fail(_ job: Job, _ failure: TranscriptionFailure) async throws {
        try await database.transaction { session in
            try session.hold(job)
            try session.execute(
                """
                UPDATE transcriptions SET state = 'failed', error_code = \(failure.code), error_message = \(failure.message)
                WHERE id = \(job.transcriptionID)
                """
            )
            try session.finish(job)
        }
    }

    /// Puts a job back after a failure that may pass, to be tried again after a while.
    package func postpone(_ job: Job, by delay: Duration) async throws {
        try await database.transaction { session in
            try session.hold(
                job,
                """
                failures = failures + 1, lease_until = NULL, worker = NULL,
                run_at = clock_timestamp() + make_interval(secs => \(delay.seconds))
                """
            )
            try session.execute("UPDATE transcriptions SET state = 'pending' WHERE id = \(job.transcriptionID)")
            try session.announce(job.transcriptionID)
        }
    }
}

extension Session {
    /// Queues a job; workers hear of it when the transaction commits.
    func enqueue(_ kind: Job.Kind, for transcriptionID: UUID) throws {
        try execute("INSERT INTO jobs (kind, transcription_id) VALUES (\(kind.rawValue), \(transcriptionID))")
        try execute("SELECT pg_notify(\(Archive.jobChannel), '')")
    }

    /// Locks a job's row for this transaction, changing it if asked.
    ///
    /// - Throws: `LeaseLost` if the job is not this worker's any more, so that nothing of a late worker is ever stored.
    fileprivate func hold(_ job: Job, _ change: SQL = "attempt = attempt") throws {
        guard
            try execute("UPDATE jobs SET \(sql: change) WHERE id = \(job.id) AND attempt = \(job.attempt) AND lease_until IS NOT NULL") == 1
        else { throw LeaseLost() }
    }

    fileprivate func finish(_ job: Job) throws {
        try execute("DELETE FROM jobs WHERE id = \(job.id)")
        try announce(job.transcriptionID)
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    var milliseconds: Int { Int((seconds * 1000).rounded()) }
}
