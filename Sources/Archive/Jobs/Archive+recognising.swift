import Foundation
import Postgres
import Transcripts

/// The language that a block was recognised in.
package struct BlockLanguage: Sendable, Hashable {
    /// Its code, "en".
    package var code: String
    /// How sure the model was of it, 0 to 1; nil where nobody asked the model.
    package var probability: Double?

    package init(code: String, probability: Double? = nil) {
        self.code = code
        self.probability = probability
    }
}

extension Archive {
    /// The block that a job is about.
    package func block(of job: Job) async throws -> StoredBlock {
        let block = try await database.read { session in
            try session.row(
                """
                SELECT ordinal, channel, start_ms, end_ms, speech_ms FROM blocks
                WHERE transcription_id = \(job.transcriptionID) AND ordinal = \(job.block)
                """,
                as: (Int, Int, Timestamp, Timestamp, Timestamp?).self
            )
        }
        guard let block else { throw LeaseLost() }
        return StoredBlock(ordinal: block.0, channel: block.1, start: block.2, end: block.3, speech: block.4)
    }

    /// Commits a block: its segments, those taken out with the reason, and that it is done.
    ///
    /// - Parameter processing: The time that recognition took.
    package func complete(
        _ job: Job,
        segments: [Segment],
        removed: [RemovedSegment],
        language: BlockLanguage?,
        processing: Duration
    ) async throws {
        let id = job.transcriptionID
        let block = job.block ?? 0
        try await database.transaction { session in
            try session.lock(id)
            try session.hold(job)
            let all = segments.map { ($0, RemovalReason?.none) } + removed.map { ($0.segment, $0.reason) }
            for (place, (segment, reason)) in all.enumerated() {
                try session.insert(segment, removal: reason, of: id, block: block, place: place, language: language)
            }
            try session.execute(
                """
                UPDATE blocks SET done_at = clock_timestamp(), language = \(language?.code), processing_ms = \(processing.milliseconds)
                WHERE transcription_id = \(id) AND ordinal = \(block)
                """
            )
            // A block without words may have been noise, which is of no language.
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
            try session.remove(job)
            try session.publish(id)
        }
    }

    /// Puts a block back because its sound is not in the spool, and has the recording decoded again.
    package func prepareAgain(_ job: Job) async throws {
        try await database.transaction { session in
            try session.lock(job.transcriptionID)
            try session.hold(job)
            try session.remove(job)
            try session.enqueue(.prepare, for: job.transcriptionID)
        }
    }

    /// Ends a transcription well. One of a stretch takes its place in the transcript that it was asked for.
    package func complete(_ job: Job) async throws {
        try await database.transaction { session in
            let original = try session.lockOriginal(ofRange: job.transcriptionID)
            try session.lock(job.transcriptionID)
            try session.hold(job)
            try session.execute(
                """
                UPDATE transcriptions SET state = 'completed', completed_at = clock_timestamp() WHERE id = \(job.transcriptionID)
                """
            )
            try session.remove(job)
            if let original { try session.replaceRange(in: original, with: job.transcriptionID) }
            try session.announce(job.transcriptionID, .completed)
        }
        await files.removeSpool(of: job.transcriptionID)
    }
}

extension Session {
    /// Gives their ordinals to all segments that nothing can come before any more, and queues the end if nothing else is left to do.
    func publish(_ id: UUID) throws {
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
            UPDATE segments s SET ordinal = r.ordinal FROM (
                SELECT block, place, row_number() OVER (ORDER BY start_ms, block, place) - 1
                    + (SELECT coalesce(max(ordinal) + 1, 0) FROM segments WHERE transcription_id = \(id) AND revision = 0) AS ordinal
                FROM segments
                WHERE transcription_id = \(id) AND revision = 0 AND ordinal IS NULL AND removal IS NULL
                    AND start_ms < coalesce(\(horizon)::bigint, start_ms + 1)
            ) r
            WHERE s.transcription_id = \(id) AND s.revision = 0 AND s.block = r.block AND s.place = r.place
            """
        )
        try execute(
            """
            UPDATE transcriptions t SET stored_until_ms = coalesce(\(horizon)::bigint, prepared_until_ms),
                heard_ms = greatest(0, prepared_until_ms - coalesce((options->>'start')::bigint, 0) - (
                    SELECT least(coalesce(sum(end_ms - start_ms), 0), 9223372036854775807)::bigint FROM blocks WHERE transcription_id = t.id AND done_at IS NULL
                ) / channels)
            WHERE id = \(id)
            """
        )
        if horizon == nil { try enqueue(.finish, for: id) }
        try announce(id)
    }
}
