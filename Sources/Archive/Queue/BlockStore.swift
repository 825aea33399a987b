import Basics
import Foundation
import Postgres
import Transcripts

/// The blocks of recordings: preparation stores them, recognition completes them.
package struct BlockStore: Sendable {
    let database: Database

    /// Stores how far a recording is prepared: the blocks that were cut, and that all others start at `preparedUntil` or later.
    ///
    /// Queues every block whose sound is in the spool: these, and those that an earlier attempt left.
    ///
    /// - Parameter blocks: Their ordinals are assigned here.
    /// - Returns: The time up to which the text is stored: no sound before it is needed any more.
    @discardableResult
    package func append(
        _ blocks: [StoredBlock],
        preparedUntil: Timestamp,
        spooledUntil: Timestamp,
        to job: Job
    ) async throws -> Timestamp {
        let id = job.transcriptionID
        return try await database.transaction { session in
            try session.lockTranscription(id)
            try session.hold(job, "failures = 0, hold = NULL")
            // An attempt that only repeats an earlier one does not clear a suspect.
            try session.execute(
                """
                UPDATE jobs SET is_suspect = false, deaths = 0, expiries = 0 WHERE id = \(job.id) AND is_suspect
                    AND (SELECT prepared_until_ms FROM transcriptions WHERE id = \(id)) < \(preparedUntil.milliseconds)
                """
            )
            let next = try session.row("SELECT coalesce(max(ordinal) + 1, 0) FROM blocks WHERE transcription_id = \(id)", as: Int.self) ?? 0
            try session.execute(
                """
                INSERT INTO blocks (transcription_id, ordinal, channel, start_ms, end_ms, speech_ms)
                SELECT \(id), \(next)::bigint + b.number - 1, b.channel, b.start_ms, b.end_ms, b.speech_ms FROM unnest(
                    \(blocks.map(\.channel))::bigint[], \(blocks.map(\.start.milliseconds))::bigint[],
                    \(blocks.map(\.end.milliseconds))::bigint[], \(blocks.map { $0.speech?.milliseconds })::bigint[]
                ) WITH ORDINALITY AS b (channel, start_ms, end_ms, speech_ms, number)
                """
            )
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
            return try session.publish(id)
        }
    }

    /// Stores the language of a recording, before any of its blocks is queued.
    package func noteLanguage(_ language: DetectedLanguage, of job: Job) async throws {
        try await database.transaction { session in
            try session.lockTranscription(job.transcriptionID)
            try session.hold(job)
            try session.execute(
                """
                UPDATE transcriptions SET language = \(language.code), language_probability = \(language.probability)
                WHERE id = \(job.transcriptionID)
                """
            )
            try session.announceTranscription(job.transcriptionID)
        }
    }

    /// Completes the preparation: every block is known.
    ///
    /// - Parameters:
    ///   - end: The end of the part that is transcribed.
    ///   - duration: The length of the whole recording.
    ///   - damage: What is wrong with the file, if it could only be read in part.
    package func prepared(_ job: Job, until end: Timestamp, duration: Timestamp, damage: Damage? = nil) async throws {
        let id = job.transcriptionID
        try await database.transaction { session in
            try session.lockTranscription(id)
            try session.hold(job)
            try session.execute(
                """
                UPDATE transcriptions SET is_prepared = true, duration_ms = \(duration.milliseconds),
                    prepared_until_ms = greatest(prepared_until_ms, \(end.milliseconds)),
                    damage_message = \(damage?.message), damage_read_ms = \(damage?.readUntil.milliseconds)
                WHERE id = \(id)
                """
            )
            try session.removeJob(job)
            try session.publish(id)
        }
    }

    /// The block that a job is about.
    package func block(of job: Job) async throws -> StoredBlock {
        let block = try await database.read { session in
            try session.rows(
                """
                SELECT ordinal, channel, start_ms, end_ms, speech_ms FROM blocks
                WHERE transcription_id = \(job.transcriptionID) AND ordinal = \(job.block)
                """,
                as: StoredBlock.self
            ).first
        }
        guard let block else { throw LeaseLost() }
        return block
    }

    /// Stores a recognized block: its segments, its removals with their reasons, and that it is done.
    ///
    /// - Parameter processing: The time that recognition took.
    /// - Returns: The time up to which the text is stored: no sound before it is needed any more.
    @discardableResult
    package func complete(
        _ job: Job,
        segments: [Segment],
        removed: [RemovedSegment],
        language: DetectedLanguage?,
        processing: Duration
    ) async throws -> Timestamp {
        let id = job.transcriptionID
        let block = job.block ?? 0
        let all = segments.map { ($0, RemovalReason?.none) } + removed.map { ($0.segment, $0.reason) }
        let list = try SegmentBatch(
            all.enumerated().map { place, row in
                NewSegment(segment: row.0, place: place, removal: row.1, blockLanguage: language)
            }
        )
        return try await database.transaction { session in
            try session.lockTranscription(id)
            try session.hold(job)
            try session.insert(list, of: id, block: block)
            try session.execute(
                """
                UPDATE blocks SET done_at = clock_timestamp(), language = \(language?.code), processing_ms = \(processing.milliseconds)
                WHERE transcription_id = \(id) AND ordinal = \(block)
                """
            )
            // A block without words may have been noise, which has no language.
            let found = segments.isEmpty ? nil : language
            try session.execute(
                """
                UPDATE transcriptions SET processing_ms = processing_ms + \(processing.milliseconds)::bigint,
                    language_probability = CASE WHEN language IS NULL THEN \(found?.probability)::double precision
                        ELSE language_probability END,
                    language = coalesce(language, \(found?.code)::text)
                WHERE id = \(id)
                """
            )
            try session.removeJob(job)
            return try session.publish(id)
        }
    }

    /// Removes a block's job because its sound is not in the spool, and queues the recording to be decoded again.
    package func prepareAgain(_ job: Job) async throws {
        try await database.transaction { session in
            try session.lockTranscription(job.transcriptionID)
            try session.hold(job)
            try session.removeJob(job)
            try session.enqueue(.prepare, for: job.transcriptionID)
        }
    }
}

extension StoredBlock: PostgresRow {
    package init(_ row: inout RowReader) throws {
        ordinal = try row.next()
        channel = try row.next()
        start = try row.next()
        end = try row.next()
        speech = try row.next()
    }
}

extension Session {
    /// Assigns ordinals to the segments that no other segment can precede any more, updates the progress, and queues the finish job if
    /// nothing else is left to do.
    ///
    /// - Returns: The time up to which the text is stored.
    @discardableResult
    fileprivate func publish(_ id: UUID) throws -> Timestamp {
        let horizon = try row(
            """
            SELECT least((SELECT min(start_ms) FROM blocks WHERE transcription_id = t.id AND done_at IS NULL),
                         CASE WHEN is_prepared THEN NULL ELSE prepared_until_ms END)
            FROM transcriptions t WHERE id = \(id)
            """,
            as: Int?.self
        )
        guard let horizon else { throw LeaseLost() }
        try execute(
            """
            UPDATE segments s SET ordinal = r.ordinal, is_indexed = true FROM (
                SELECT block, place, row_number() OVER (ORDER BY start_ms, block, place) - 1
                    + (SELECT coalesce(max(ordinal) + 1, 0) FROM segments WHERE transcription_id = \(id) AND revision = 0) AS ordinal
                FROM segments
                WHERE transcription_id = \(id) AND revision = 0 AND ordinal IS NULL AND removal IS NULL
                    AND start_ms < coalesce(\(horizon)::bigint, start_ms + 1)
            ) r
            WHERE s.transcription_id = \(id) AND s.revision = 0 AND s.block = r.block AND s.place = r.place
            """
        )
        let storedUntil = try row(
            """
            UPDATE transcriptions t SET stored_until_ms = coalesce(\(horizon)::bigint, prepared_until_ms),
                processed_ms = greatest(0, prepared_until_ms - coalesce((options->>'start')::bigint, 0) - (
                    SELECT least(coalesce(sum(end_ms - start_ms), 0), 9223372036854775807)::bigint FROM blocks WHERE transcription_id = t.id AND done_at IS NULL
                ) / channels)
            WHERE id = \(id) RETURNING stored_until_ms
            """,
            as: Timestamp.self
        )
        if horizon == nil { try enqueue(.finish, for: id) }
        try announceTranscription(id)
        return storedUntil ?? .zero
    }
}
