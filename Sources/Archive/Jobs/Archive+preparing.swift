import Foundation
import Postgres
import Transcripts

/// A stretch of a recording that is recognised by itself.
package struct StoredBlock: Sendable, Hashable {
    /// Its place among the recording's blocks, in the order in which they were cut.
    package var ordinal: Int
    /// The channel it is of, counted from 0.
    package var channel: Int
    /// Where in the recording it lies.
    package var start, end: Timestamp
    /// How much of it is speech; nil where nobody listened for that.
    package var speech: Timestamp?

    package init(ordinal: Int = 0, channel: Int = 0, start: Timestamp, end: Timestamp, speech: Timestamp? = nil) {
        self.ordinal = ordinal
        self.channel = channel
        self.start = start
        self.end = end
        self.speech = speech
    }
}

extension Archive {
    /// Commits how far a recording is prepared: the blocks that were cut, and that all others begin at `preparedUntil` or later.
    ///
    /// Queues every block whose sound is in the spool: these, and those that an earlier attempt left.
    ///
    /// - Parameter blocks: Their ordinals are given here.
    package func append(_ blocks: [StoredBlock], preparedUntil: Timestamp, spooledUntil: Timestamp, to job: Job) async throws {
        let id = job.transcriptionID
        try await database.transaction { session in
            try session.lock(id)
            try session.hold(job, "failures = 0")
            let next = try session.row("SELECT coalesce(max(ordinal) + 1, 0) FROM blocks WHERE transcription_id = \(id)", as: Int.self) ?? 0
            for (offset, block) in blocks.enumerated() {
                try session.execute(
                    """
                    INSERT INTO blocks (transcription_id, ordinal, channel, start_ms, end_ms, speech_ms)
                    VALUES (\(id), \(next + offset), \(block.channel), \(block.start.milliseconds), \(block.end.milliseconds),
                            \(block.speech?.milliseconds))
                    """
                )
            }
            let queued = try session.execute(
                """
                INSERT INTO jobs (kind, transcription_id, block, turn)
                SELECT 'block', b.transcription_id, b.ordinal,
                    t.queued_at + make_interval(secs => \(Turn.slowness)::bigint * b.start_ms / 1000.0)
                FROM blocks b JOIN transcriptions t ON t.id = b.transcription_id
                WHERE b.transcription_id = \(id) AND b.done_at IS NULL AND b.end_ms <= \(spooledUntil.milliseconds)
                ON CONFLICT DO NOTHING
                """
            )
            if queued > 0 { try session.announceJobs() }
            try session.execute(
                """
                UPDATE transcriptions SET prepared_until_ms = greatest(prepared_until_ms, \(preparedUntil.milliseconds)) WHERE id = \(id)
                """
            )
            try session.publish(id)
        }
    }

    /// Stores the language of a recording, before any of its blocks is queued.
    package func note(_ job: Job, language: String, probability: Double?) async throws {
        try await database.transaction { session in
            try session.lock(job.transcriptionID)
            try session.hold(job)
            try session.execute(
                "UPDATE transcriptions SET language = \(language), language_probability = \(probability) WHERE id = \(job.transcriptionID)"
            )
            try session.announce(job.transcriptionID)
        }
    }

    /// Ends the preparation: every block is known.
    ///
    /// - Parameters:
    ///   - end: Where what is wanted of the recording ends.
    ///   - duration: The length of the whole recording.
    package func prepared(_ job: Job, until end: Timestamp, duration: Timestamp) async throws {
        let id = job.transcriptionID
        try await database.transaction { session in
            try session.lock(id)
            try session.hold(job)
            try session.execute(
                """
                UPDATE transcriptions SET is_prepared = true, duration_ms = \(duration.milliseconds),
                    prepared_until_ms = greatest(prepared_until_ms, \(end.milliseconds))
                WHERE id = \(id)
                """
            )
            try session.remove(job)
            try session.publish(id)
        }
    }

    /// Lets another recording be prepared first if one has waited long enough; true if the job was given back for that.
    ///
    /// - Parameter position: How far this one is, counted from the beginning of what is wanted.
    package func giveWay(_ job: Job, at position: Timestamp) async throws -> Bool {
        try await database.transaction { session in
            let turn: SQL = """
                (SELECT queued_at + make_interval(secs => \(Turn.slowness)::bigint * \(position.milliseconds)::bigint / 1000.0)
                 FROM transcriptions WHERE id = \(job.transcriptionID))
                """
            let another = try session.row(
                """
                SELECT 1 FROM jobs j JOIN transcriptions t ON t.id = j.transcription_id
                WHERE j.kind = 'prepare' AND j.lease_until IS NULL AND j.run_at <= clock_timestamp()
                    AND t.state IN ('pending', 'processing') AND j.turn < \(sql: turn) LIMIT 1
                """,
                as: Int.self
            )
            guard another != nil else { return false }
            try session.hold(job, "lease_until = NULL, worker = NULL, taken_at = NULL, turn = \(sql: turn)")
            return true
        }
    }
}
