import Basics
import Foundation
import Postgres
import Transcripts

/// The queue of jobs, from which workers lease them.
package struct JobQueue: Sendable {
    let database: Database
    /// Connections for leases alone: a job whose lease can't be renewed in time is done twice.
    let leases: Database
    let folder: RecordingFolder

    /// Leases the next job of these kinds to this worker; nil when no job is due.
    ///
    /// A suspect, and a job whose lease expired, must run alone. If such a job is next, a worker that runs other jobs gets none, so that it
    /// becomes idle and can take this one. A recording is not prepared while so much sound waits before its turn that its blocks would only
    /// fill the disk.
    ///
    /// - Parameters:
    ///   - models: The models that the worker has; a job that needs another one waits. Nil for any model.
    ///   - isIdle: Whether the worker runs no other job.
    package func take(
        _ kinds: [Job.Kind] = Job.Kind.allCases,
        models: [String]? = nil,
        worker: String,
        lease: Duration,
        isIdle: Bool = true
    ) async throws -> Job? {
        let ahead = folder.prepareAhead?.milliseconds
        return try await leases.transaction { session in
            try session.rows(
                """
                UPDATE jobs SET attempt = attempt + 1, worker = \(worker), taken_at = clock_timestamp(),
                    expiries = expiries + CASE WHEN is_suspect AND lease_until IS NOT NULL THEN 1 ELSE 0 END,
                    is_suspect = is_suspect OR lease_until IS NOT NULL,
                    lease_until = clock_timestamp() + make_interval(secs => \(lease.seconds))
                WHERE id = (
                    SELECT j.id FROM jobs j JOIN transcriptions t ON t.id = j.transcription_id
                    WHERE j.kind = ANY (\(kinds.map(\.rawValue))::text[]) AND j.run_at <= clock_timestamp()
                        AND (j.lease_until IS NULL OR j.lease_until < clock_timestamp())
                        AND t.state IN ('pending', 'processing')
                        AND (\(models == nil) OR j.kind = 'finish' OR t.model = ANY (\(models ?? [])::text[]))
                        AND (j.after_ms IS NULL OR t.stored_until_ms >= j.after_ms)
                        AND (\(ahead == nil) OR j.kind <> 'prepare' OR j.turn <= coalesce((
                            SELECT min(turn) FROM (
                                SELECT q.turn, sum(b.end_ms - b.start_ms) OVER (ORDER BY q.turn, q.id) AS waiting_ms
                                FROM jobs q JOIN transcriptions w ON w.id = q.transcription_id AND w.state IN ('pending', 'processing')
                                JOIN blocks b ON b.transcription_id = q.transcription_id AND b.ordinal = q.block
                                WHERE q.kind = 'block'
                            ) waiting WHERE waiting_ms > \(ahead ?? 0)
                        ), 'infinity'))
                    ORDER BY j.turn, j.id LIMIT 1 FOR UPDATE OF j SKIP LOCKED
                ) AND (\(isIdle) OR NOT is_suspect AND lease_until IS NULL)
                RETURNING id, kind, transcription_id, block, attempt, failures, is_suspect, expiries
                """,
                as: Job.self
            ).first
        }
    }

    /// Extends the lease of a job that is being worked on.
    package func renew(_ job: Job, lease: Duration) async throws {
        try await leases.transaction { session in
            try session.hold(job, "lease_until = clock_timestamp() + make_interval(secs => \(lease.seconds))")
        }
    }

    /// False once the job's transcription is cancelled, paused, failed or deleted.
    package func isWanted(_ job: Job) async throws -> Bool {
        try await leases.read { session in
            let state = try session.row("SELECT state FROM transcriptions WHERE id = \(job.transcriptionID)", as: TranscriptionState.self)
            return state == .pending || state == .processing || state == .completed
        }
    }

    /// Gives a job back, so that any worker can continue it at once: this one is stopping.
    package func release(_ job: Job) async throws {
        try await database.transaction { session in
            try session.hold(job, "lease_until = NULL, worker = NULL, taken_at = NULL")
            try session.announceJobs()
        }
    }

    /// Marks a job's transcription as being worked on, and returns it.
    package func begin(_ job: Job) async throws -> Transcription {
        try await database.transaction { session in
            try session.lockTranscription(job.transcriptionID)
            try session.hold(job)
            let changed = try session.execute(
                """
                UPDATE transcriptions SET state = 'processing', started_at = coalesce(started_at, clock_timestamp())
                WHERE id = \(job.transcriptionID) AND state = 'pending'
                """
            )
            if changed > 0 { try session.announceTranscription(job.transcriptionID) }
            guard let transcription = try session.transcription(job.transcriptionID), transcription.state == .processing else {
                throw LeaseLost()
            }
            return transcription
        }
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
            try session.announceTranscription(job.transcriptionID)
        }
    }

    /// Puts a job back because of a fault of the machine, which counts as no failure.
    ///
    /// - Parameters:
    ///   - hold: The fault, if it keeps only this job; nil if it keeps all jobs of the worker.
    ///   - pause: How long the job is not tried again.
    package func putBack(_ job: Job, because hold: Hold? = nil, for pause: Duration = .zero) async throws {
        try await database.transaction { session in
            try session.lockTranscription(job.transcriptionID)
            try session.hold(job)
            let known = try session.row("SELECT hold::text FROM jobs WHERE id = \(job.id)", as: String?.self) ?? nil
            var hold = hold
            // The same fault goes on: it began with its first time.
            if let earlier = try known.flatMap({ try [Hold](json: $0).first }), earlier.code == hold?.code { hold?.since = earlier.since }
            let json = try hold.map { try [$0].json }
            try session.execute(
                """
                UPDATE jobs SET lease_until = NULL, worker = NULL, taken_at = NULL, hold = \(json)::jsonb,
                    run_at = clock_timestamp() + make_interval(secs => \(pause.seconds))
                WHERE id = \(job.id)
                """
            )
            try session.announceTranscription(job.transcriptionID)
            if pause == .zero { try session.announceJobs() }
        }
    }

    /// Puts a preparation back that is far enough ahead of recognition; it continues when the text is stored up to a time.
    ///
    /// - Parameter position: How far it is, from the start of the part that is transcribed.
    package func putBack(_ job: Job, at position: Timestamp, untilStored time: Timestamp) async throws {
        try await database.transaction { session in
            try session.hold(
                job,
                """
                lease_until = NULL, worker = NULL, taken_at = NULL, after_ms = \(time.milliseconds),
                turn = \(sql: Self.turn(of: job, at: position))
                """
            )
        }
    }

    /// The turn of a preparation that has come so far.
    private static func turn(of job: Job, at position: Timestamp) -> SQL {
        """
        (SELECT queued_at + make_interval(secs => \(Turn.slowness)::bigint * \(position.milliseconds)::bigint / 1000.0)
         FROM transcriptions WHERE id = \(job.transcriptionID))
        """
    }

    /// Lets another recording be prepared first if one has waited long enough; true if the job was given back for that.
    ///
    /// - Parameter position: How far this one is, from the start of the part that is transcribed.
    package func yield(_ job: Job, at position: Timestamp) async throws -> Bool {
        try await database.transaction { session in
            let turn = Self.turn(of: job, at: position)
            let another = try session.row(
                """
                SELECT 1 FROM jobs j JOIN transcriptions t ON t.id = j.transcription_id
                WHERE j.kind = 'prepare' AND j.lease_until IS NULL AND j.run_at <= clock_timestamp()
                    AND t.state IN ('pending', 'processing') AND j.turn < \(sql: turn)
                    AND (j.after_ms IS NULL OR t.stored_until_ms >= j.after_ms) LIMIT 1
                """,
                as: Int.self
            )
            guard another != nil else { return false }
            try session.hold(job, "lease_until = NULL, worker = NULL, taken_at = NULL, turn = \(sql: turn)")
            return true
        }
    }

    /// Marks a job's transcription as failed and removes all its jobs; the segments so far are kept.
    package func fail(_ job: Job, _ failure: TranscriptionFailure) async throws {
        try await database.transaction { session in
            try session.lockTranscription(job.transcriptionID)
            try session.hold(job)
            try session.fail(job.transcriptionID, failure)
        }
        await folder.removeSpool(of: job.transcriptionID)
    }

    /// Completes a job's transcription. If it was made for a range of another one, its text replaces that range there.
    package func finish(_ job: Job) async throws {
        let id = job.transcriptionID
        try await database.transaction { session in
            let rangeOf = try session.row("SELECT range_of FROM transcriptions WHERE id = \(id)", as: UUID?.self) ?? nil
            let original = try rangeOf.flatMap { try session.lockTranscription($0)?.state == .completed ? $0 : nil }
            try session.lockTranscription(id)
            try session.hold(job)
            try session.execute("UPDATE transcriptions SET state = 'completed', completed_at = clock_timestamp() WHERE id = \(id)")
            try session.removeJob(job)
            if let original { try session.replaceRange(in: original, with: id) }
            try session.announceTranscription(id, .completed)
        }
        Failpoint.reached("finish.committed")
        await folder.removeSpool(of: id)
    }
}

extension Job: PostgresRow {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        kind = try row.next()
        transcriptionID = try row.next()
        block = try row.next()
        attempt = try row.next()
        failures = try row.next()
        isSuspect = try row.next()
        expiries = try row.next()
    }
}
