import Basics
import Foundation
import Postgres
import Transcripts

extension Archive {
    /// The job of one of these kinds whose turn it is, leased to this worker, or nil when there is none to do now.
    ///
    /// - Parameter models: The models that the worker has; what needs another one waits until it has that, too. Nil for any model.
    package func takeJob(
        _ kinds: [Job.Kind] = Job.Kind.allCases,
        models: [String]? = nil,
        worker: String,
        lease: Duration
    ) async throws -> Job? {
        try await database.transaction { session in
            let taken = try session.row(
                """
                UPDATE jobs SET attempt = attempt + 1, worker = \(worker), taken_at = clock_timestamp(),
                    failures = failures + CASE WHEN lease_until IS NULL THEN 0 ELSE 1 END,
                    lease_until = clock_timestamp() + make_interval(secs => \(lease.seconds))
                WHERE id = (
                    SELECT j.id FROM jobs j JOIN transcriptions t ON t.id = j.transcription_id
                    WHERE j.kind = ANY (\(kinds.map(\.rawValue))::text[]) AND j.run_at <= clock_timestamp()
                        AND (j.lease_until IS NULL OR j.lease_until < clock_timestamp())
                        AND t.state IN ('pending', 'processing')
                        AND (\(models == nil) OR j.kind = 'finish' OR t.model = ANY (\(models ?? [])::text[]))
                    ORDER BY j.turn, j.id LIMIT 1 FOR UPDATE OF j SKIP LOCKED
                )
                RETURNING id, kind, transcription_id, block, attempt, failures
                """,
                as: (Int64, Job.Kind, UUID, Int?, Int64, Int).self
            )
            guard let (id, kind, transcriptionID, block, attempt, failures) = taken else { return nil }
            return Job(id: id, kind: kind, transcriptionID: transcriptionID, block: block, attempt: attempt, failures: failures)
        }
    }

    /// Keeps the lease of a job that is being worked on.
    package func renew(_ job: Job, lease: Duration) async throws {
        try await database.transaction { session in
            try session.hold(job, "lease_until = clock_timestamp() + make_interval(secs => \(lease.seconds))")
        }
    }

    /// Whether anybody still wants what a job does: false once its transcription is cancelled, paused, failed or deleted.
    package func isWanted(_ job: Job) async throws -> Bool {
        try await database.read { session in
            let state = try session.row("SELECT state FROM transcriptions WHERE id = \(job.transcriptionID)", as: TranscriptionState.self)
            return state == .pending || state == .processing || state == .completed
        }
    }

    /// Gives a job back so that anyone can go on with it at once: the worker is stopping.
    package func release(_ job: Job) async throws {
        try await database.transaction { session in
            try session.hold(job, "lease_until = NULL, worker = NULL, taken_at = NULL")
            try session.announceJobs()
        }
    }

    /// Marks a job's transcription as being worked on, and tells what there is to do.
    package func begin(_ job: Job) async throws -> Transcription {
        try await database.transaction { session in
            try session.lock(job.transcriptionID)
            try session.hold(job)
            let changed = try session.execute(
                """
                UPDATE transcriptions SET state = 'processing', started_at = coalesce(started_at, clock_timestamp())
                WHERE id = \(job.transcriptionID) AND state = 'pending'
                """
            )
            if changed > 0 { try session.announce(job.transcriptionID) }
            guard let transcription = try session.transcription(job.transcriptionID), transcription.state == .processing else {
                throw LeaseLost()
            }
            return transcription
        }
    }

    /// Ends a transcription badly: none of its jobs goes on, and what was stored so far stays.
    package func fail(_ job: Job, _ failure: TranscriptionFailure) async throws {
        try await database.transaction { session in
            try session.lock(job.transcriptionID)
            try session.hold(job)
            try session.execute(
                """
                UPDATE transcriptions SET state = 'failed', error_code = \(failure.code), error_message = \(failure.message)
                WHERE id = \(job.transcriptionID)
                """
            )
            try session.execute("DELETE FROM jobs WHERE transcription_id = \(job.transcriptionID)")
            try session.announce(job.transcriptionID, .failed)
        }
        await files.removeSpool(of: job.transcriptionID)
    }

    /// Puts a job back after a failure that may pass, to be tried again after a while.
    package func postpone(_ job: Job, by delay: Duration) async throws {
        try await database.transaction { session in
            try session.hold(
                job,
                """
                failures = failures + 1, lease_until = NULL, worker = NULL, taken_at = NULL,
                run_at = clock_timestamp() + make_interval(secs => \(delay.seconds))
                """
            )
            try session.announce(job.transcriptionID)
        }
    }
}

extension Session {
    /// Queues what is to be done to a whole recording, unless it is queued already.
    func enqueue(_ kind: Job.Kind, for transcriptionID: UUID) throws {
        try execute(
            """
            INSERT INTO jobs (kind, transcription_id, turn) SELECT \(kind.rawValue), id, queued_at FROM transcriptions
            WHERE id = \(transcriptionID) ON CONFLICT DO NOTHING
            """
        )
        try announceJobs()
    }

    /// Locks a transcription's row; whatever changes both a transcription and its jobs begins with this, so that no two wait for each other.
    func lock(_ transcriptionID: UUID) throws {
        let found = try row("SELECT 1 FROM transcriptions WHERE id = \(transcriptionID) FOR NO KEY UPDATE", as: Int.self)
        guard found != nil else { throw LeaseLost() }
    }

    /// Locks a job's row for this transaction, changing it if asked.
    ///
    /// - Throws: `LeaseLost` if the job is not this worker's any more, so that nothing of a late worker is ever stored.
    func hold(_ job: Job, _ change: SQL = "attempt = attempt") throws {
        guard
            try execute("UPDATE jobs SET \(sql: change) WHERE id = \(job.id) AND attempt = \(job.attempt) AND lease_until IS NOT NULL") == 1
        else { throw LeaseLost() }
    }

    func remove(_ job: Job) throws {
        try execute("DELETE FROM jobs WHERE id = \(job.id)")
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    var milliseconds: Int { Int(clamping: (seconds * 1000).rounded()) }
}
