import Foundation
import Postgres
import Transcripts

/// One of the texts that a transcription has had.
package struct Revision: Sendable, Hashable {
    /// 0 is the model's text, edits are numbered from 1.
    package var number: Int
    /// The revision that was edited; nil for the model's text.
    package var madeFrom: Int?
    /// Nil while the model's text is not complete.
    package var madeAt: Date?
    /// How many segments it has.
    package var segments: Int
}

/// The changes to a transcription that a user asks for; fields that are nil stay as they are.
package struct TranscriptionChange: Sendable {
    /// A whole new text.
    package struct Text: Sendable {
        package var segments: [EditedSegment]
        /// The revision that was edited.
        package var editedFrom: Int

        package init(segments: [EditedSegment], editedFrom: Int) {
            self.segments = segments
            self.editedFrom = editedFrom
        }

        /// Throws unless this text may follow the current one.
        fileprivate func check(against current: (state: TranscriptionState, revision: Int)) throws(ArchiveError) {
            guard current.state.isFinal else { throw .notPossible(current.state) }
            guard current.revision == editedFrom else { throw .revisionConflict(current: current.revision) }
        }
    }

    /// An empty name restores the name of the recording's file.
    package var name: String?
    package var tags: [String]?
    package var text: Text?

    package init() {}
}

/// The texts of transcriptions: segments, words, removals and revisions, to read and to edit.
package struct TextStore: Sendable {
    let database: Database

    /// The segments of the transcript so far, in order.
    ///
    /// - Parameters:
    ///   - revision: Which text; nil for the current one.
    ///   - ordinal: The first one to return.
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
            return try session.shownSegments(of: id, revision: revision, from: ordinal, limit: limit)
        }
    }

    /// How many segments a transcript has.
    package func length(of id: UUID, revision: Int? = nil) async throws -> Int {
        try await database.row(
            // Found at the end of an index, without a look at the segments.
            """
            SELECT coalesce(max(ordinal) + 1, 0) FROM segments WHERE transcription_id = \(id)
                AND revision = coalesce(\(revision)::bigint, (SELECT revision FROM transcriptions WHERE id = \(id)))
            """,
            as: Int.self
        ) ?? 0
    }

    /// How many words with times a transcript has.
    ///
    /// - Throws: `ArchiveError.revisionNotFound`.
    package func wordCount(of id: UUID, revision: Int? = nil) async throws -> Int {
        try await database.read { session in
            if let revision { try session.checkRevision(revision, of: id) }
            return try session.row(
                """
                SELECT least(coalesce(sum(jsonb_array_length(words)), 0), 9223372036854775807)::bigint FROM segments
                WHERE \(sql: session.isShown(of: id, revision: revision))
                """,
                as: Int.self
            ) ?? 0
        }
    }

    /// Words with their times, in order; none where the request did not ask for them.
    ///
    /// - Parameter ordinal: The first one to return, numbered through the whole transcript.
    package func words(of id: UUID, revision: Int? = nil, from ordinal: Int, limit: Int) async throws -> [StoredWord] {
        try await database.read { session in
            try session.rows(
                """
                SELECT s.ordinal, s.speaker, (w.word->>0)::bigint, (w.word->>1)::bigint, w.word->>2, (w.word->>3)::double precision
                FROM (SELECT ordinal, speaker, words FROM segments WHERE \(sql: session.isShown(of: id, revision: revision))) s
                CROSS JOIN LATERAL jsonb_array_elements(s.words) WITH ORDINALITY AS w (word, place)
                ORDER BY s.ordinal, w.place LIMIT \(limit)::bigint OFFSET \(ordinal)::bigint
                """,
                as: WordRow.self
            ).enumerated().map { StoredWord(ordinal: ordinal + $0, segment: $1.segment, speaker: $1.speaker, word: $1.word) }
        }
    }

    /// The segments that gates took out, in order.
    package func removals(of id: UUID) async throws -> [StoredRemoval] {
        try await database.read { session in
            try session.segmentRows("removal IS NOT NULL AND transcription_id = \(id) ORDER BY start_ms, block, place").compactMap { row in
                row.removal.map { StoredRemoval(block: row.block, place: row.place, removed: RemovedSegment(row.segment, reason: $0)) }
            }
        }
    }

    /// All the texts that a transcription has had, the model's first.
    package func revisions(of id: UUID) async throws -> [Revision] {
        try await database.read { session in
            try session.rows(
                """
                SELECT r.number, r.made_from, r.made_at,
                    (SELECT count(*) FROM segments s WHERE s.transcription_id = \(id) AND s.revision = r.number AND s.ordinal IS NOT NULL)
                FROM (
                    SELECT 0::bigint AS number, NULL::bigint AS made_from, completed_at AS made_at FROM transcriptions WHERE id = \(id)
                    UNION ALL SELECT number, made_from, made_at FROM revisions WHERE transcription_id = \(id)
                ) r ORDER BY r.number
                """,
                as: (Int, Int?, Date?, Int).self
            ).map { Revision(number: $0.0, madeFrom: $0.1, madeAt: $0.2, segments: $0.3) }
        }
    }

    /// Changes the name, the tags and the text of a transcription: all that is asked for, or nothing.
    ///
    /// - Returns: The transcription and its new text as it was stored; nil if the text stayed.
    /// - Throws: `ArchiveError.transcriptionNotFound`; for a new text also `.notPossible` while the transcription has not ended, and
    ///   `.revisionConflict` if another revision than the edited one is current.
    package func edit(
        _ id: UUID,
        _ change: TranscriptionChange
    ) async throws -> (transcription: Transcription, segments: [StoredSegment]?) {
        // Before the transaction, which must be short: others wait for its locks.
        let text: SegmentBatch? = if let text = change.text { try await list(of: text, in: id) } else { nil }
        let transcription = try await database.transaction { session in
            guard let current = try session.lockTranscription(id) else { throw ArchiveError.transcriptionNotFound(id) }
            if let name = change.name {
                try session.execute("UPDATE transcriptions SET name = \(name.isEmpty ? nil : name) WHERE id = \(id)")
            }
            if let tags = change.tags {
                try session.execute("UPDATE transcriptions SET tags = \(tags)::text[] WHERE id = \(id)")
            }
            if let edit = change.text {
                try edit.check(against: current)
                if let text { try session.addRevision(of: id, madeFrom: current.revision, text) }
            }
            try session.announceTranscription(id, .changed)
            return try session.existingTranscription(id)
        }
        return (transcription, text?.shown)
    }

    /// The segments of an edited text, with the measurements of the old ones.
    private func list(of edit: TranscriptionChange.Text, in id: UUID) async throws -> SegmentBatch {
        let old = try await database.read { session in
            let row = try session.row("SELECT state, revision FROM transcriptions WHERE id = \(id)", as: (TranscriptionState, Int).self)
            guard let (state, revision) = row else { throw ArchiveError.transcriptionNotFound(id) }
            try edit.check(against: (state, revision))
            return try session.shownSegments(of: id, revision: revision).map(\.segment)
        }
        return try SegmentBatch(text: EditedSegment.segments(edit.segments, editedFrom: old))
    }

    /// Makes an earlier text the current one; no text is lost.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, `.revisionNotFound`, or `.notPossible` while the transcription has not ended.
    package func restoreRevision(_ revision: Int, of id: UUID) async throws -> Transcription {
        try await database.transaction { session in
            guard let state = try session.lockTranscription(id)?.state else { throw ArchiveError.transcriptionNotFound(id) }
            guard state.isFinal else { throw ArchiveError.notPossible(state) }
            try session.checkRevision(revision, of: id)
            try session.makeCurrent(revision, of: id)
            try session.announceTranscription(id, .changed)
            return try session.existingTranscription(id)
        }
    }

    /// Restores a segment that was taken out of the model's text; false if there is no such removal.
    ///
    /// Its time determines its place, so the ordinals of all later segments grow by one.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, `.notPossible` before it is completed, or `.edited` while an edited text is current.
    package func restoreRemoval(block: Int, place: Int, of id: UUID) async throws -> Bool {
        try await database.transaction { session in
            guard let current = try session.lockTranscription(id) else { throw ArchiveError.transcriptionNotFound(id) }
            guard current.state == .completed else { throw ArchiveError.notPossible(current.state) }
            guard current.revision == 0 else { throw ArchiveError.edited(revision: current.revision) }
            let restored = try session.execute(
                """
                UPDATE segments SET removal = NULL
                WHERE transcription_id = \(id) AND revision = 0 AND block = \(block) AND place = \(place) AND removal IS NOT NULL
                """
            )
            guard restored == 1 else { return false }
            try session.execute(
                """
                UPDATE segments SET ordinal = NULL, is_indexed = false
                WHERE transcription_id = \(id) AND revision = 0 AND ordinal IS NOT NULL AND ordinal >= (
                    SELECT count(*) FROM segments s, segments r
                    WHERE s.transcription_id = \(id) AND s.revision = 0 AND s.ordinal IS NOT NULL
                        AND r.transcription_id = \(id) AND r.revision = 0 AND r.block = \(block) AND r.place = \(place)
                        AND (s.start_ms, s.block, s.place) < (r.start_ms, r.block, r.place)
                )
                """
            )
            try session.execute(
                """
                UPDATE segments s SET ordinal = r.ordinal FROM (
                    SELECT block, place, row_number() OVER (ORDER BY start_ms, block, place) - 1 + (
                        SELECT coalesce(max(ordinal) + 1, 0) FROM segments WHERE transcription_id = \(id) AND revision = 0
                    ) AS ordinal
                    FROM segments WHERE transcription_id = \(id) AND revision = 0 AND removal IS NULL AND ordinal IS NULL
                ) r
                WHERE s.transcription_id = \(id) AND s.revision = 0 AND s.block = r.block AND s.place = r.place
                """
            )
            try session.execute("UPDATE transcriptions SET has_unindexed = true WHERE id = \(id)")
            try session.announceTranscription(id, .changed)
            return true
        }
    }
}

private struct WordRow: PostgresRow {
    let segment: Int
    let speaker: String?
    let word: Word

    init(_ row: inout RowReader) throws {
        segment = try row.next()
        speaker = try row.next()
        word = Word(start: try row.next(), end: try row.next(), text: try row.next(), probability: try row.next())
    }
}
