import Foundation
import Postgres
import Transcripts

extension Archive {
    /// The segments of the transcript so far, in order.
    ///
    /// - Parameters:
    ///   - revision: Which text; nil for the one that counts.
    ///   - ordinal: The first one wanted.
    ///   - limit: The most to return; nil for all.
    /// - Throws: `ArchiveError.revisionNotFound`.
    package func segments(
        of id: UUID,
        revision: Int? = nil,
        from ordinal: Int = 0,
        limit: Int? = nil
    ) async throws -> [StoredSegment] {
        try await database.read { session in
            if let revision { try session.checkRevision(revision, of: id) }
            return try session.segments(of: id, revision: revision, from: ordinal, limit: limit)
        }
    }

    /// How many segments and words a transcript has, of which `words` can tell.
    ///
    /// - Throws: `ArchiveError.revisionNotFound`.
    package func counts(of id: UUID, revision: Int? = nil) async throws -> (segments: Int, words: Int) {
        try await database.read { session in
            if let revision { try session.checkRevision(revision, of: id) }
            return try session.row(
                """
                SELECT count(*), least(coalesce(sum(jsonb_array_length(words)), 0), 9223372036854775807)::bigint FROM segments
                WHERE \(sql: session.isShown(of: id, revision: revision))
                """,
                as: (Int, Int).self
            ) ?? (0, 0)
        }
    }

    /// Words with their times, in order; none where nobody asked for them.
    ///
    /// - Parameter ordinal: The first one wanted, counted through the whole transcript.
    package func words(of id: UUID, revision: Int? = nil, from ordinal: Int, limit: Int) async throws -> [StoredWord] {
        try await database.read { session in
            try session.rows(
                """
                SELECT s.ordinal, s.speaker, (w.word->>0)::bigint, (w.word->>1)::bigint, w.word->>2, (w.word->>3)::double precision
                FROM (SELECT ordinal, speaker, words FROM segments WHERE \(sql: session.isShown(of: id, revision: revision))) s
                CROSS JOIN LATERAL jsonb_array_elements(s.words) WITH ORDINALITY AS w (word, place)
                ORDER BY s.ordinal, w.place LIMIT \(limit)::bigint OFFSET \(ordinal)::bigint
                """,
                as: (Int, String?, Timestamp, Timestamp, String, Double).self
            ).enumerated().map { index, row in
                StoredWord(
                    ordinal: ordinal + index,
                    segment: row.0,
                    speaker: row.1,
                    word: Word(start: row.2, end: row.3, text: row.4, probability: row.5)
                )
            }
        }
    }

    /// What was heard but taken out, in order.
    package func removals(of id: UUID) async throws -> [StoredRemoval] {
        try await database.read { session in
            try session.segmentRows("removal IS NOT NULL AND transcription_id = \(id) ORDER BY start_ms, block, place").compactMap { row in
                row.removal.map { StoredRemoval(block: row.block, place: row.place, removed: RemovedSegment(row.segment, reason: $0)) }
            }
        }
    }

    /// Puts a segment back into the machine's text that was taken out of it; false if there is none such.
    ///
    /// Its place is by its time, so that the ordinals of all that come later move up by one.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, `.notPossible` before it is completed, or `.edited` while another revision counts.
    package func restore(block: Int, place: Int, of id: UUID) async throws -> Bool {
        try await database.transaction { session in
            let state = try session.lockText(of: id)
            guard state.state == .completed else { throw ArchiveError.notPossible(state.state) }
            guard state.revision == 0 else { throw ArchiveError.edited(revision: state.revision) }
            let restored = try session.execute(
                """
                UPDATE segments SET removal = NULL
                WHERE transcription_id = \(id) AND revision = 0 AND block = \(block) AND place = \(place) AND removal IS NOT NULL
                """
            )
            guard restored == 1 else { return false }
            try session.execute(
                "UPDATE segments SET ordinal = NULL WHERE transcription_id = \(id) AND revision = 0 AND ordinal IS NOT NULL"
            )
            try session.execute(
                """
                UPDATE segments s SET ordinal = r.ordinal FROM (
                    SELECT block, place, row_number() OVER (ORDER BY start_ms, block, place) - 1 AS ordinal
                    FROM segments WHERE transcription_id = \(id) AND revision = 0 AND removal IS NULL
                ) r
                WHERE s.transcription_id = \(id) AND s.revision = 0 AND s.block = r.block AND s.place = r.place
                """
            )
            try session.announce(id, .changed)
            return true
        }
    }
}
