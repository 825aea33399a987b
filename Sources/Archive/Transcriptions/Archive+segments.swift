import Foundation
import Postgres
import Transcripts

/// A segment that was taken out of a transcript, with what it takes to put it back.
package struct StoredRemoval: Sendable, Hashable {
    /// The block that it was heard in, and its place there: together they name it.
    package var block, place: Int
    package var removed: RemovedSegment
}

extension Archive {
    /// The segments of the transcript so far, in order, from an ordinal on.
    package func segments(of id: UUID, from ordinal: Int = 0) async throws -> [StoredSegment] {
        try await database.read { session in
            try session.segments("ordinal >= \(ordinal) AND transcription_id = \(id) ORDER BY ordinal").map { row in
                StoredSegment(ordinal: row.ordinal ?? 0, segment: row.segment)
            }
        }
    }

    /// What was heard but taken out, in order.
    package func removals(of id: UUID) async throws -> [StoredRemoval] {
        try await database.read { session in
            try session.segments("removal IS NOT NULL AND transcription_id = \(id) ORDER BY start_ms, block, place").compactMap { row in
                row.removal.map { StoredRemoval(block: row.block, place: row.place, removed: RemovedSegment(row.segment, reason: $0)) }
            }
        }
    }

    /// Puts a segment back into the transcript that was taken out of it; false if there is none such.
    ///
    /// Its place is by its time, so that the ordinals of all that come later move up by one.
    package func restore(block: Int, place: Int, of id: UUID) async throws -> Bool {
        try await database.transaction { session in
            let state = try session.row("SELECT state FROM transcriptions WHERE id = \(id) FOR NO KEY UPDATE", as: TranscriptionState.self)
            guard let state else { throw ArchiveError.transcriptionNotFound(id) }
            guard state == .completed else { throw ArchiveError.notPossible(state) }
            let restored = try session.execute(
                """
                UPDATE segments SET removal = NULL
                WHERE transcription_id = \(id) AND block = \(block) AND place = \(place) AND removal IS NOT NULL
                """
            )
            guard restored == 1 else { return false }
            try session.execute("UPDATE segments SET ordinal = NULL WHERE transcription_id = \(id) AND ordinal IS NOT NULL")
            try session.execute(
                """
                UPDATE segments s SET ordinal = r.ordinal FROM (
                    SELECT block, place, row_number() OVER (ORDER BY start_ms, block, place) - 1 AS ordinal
                    FROM segments WHERE transcription_id = \(id) AND removal IS NULL
                ) r
                WHERE s.transcription_id = \(id) AND s.block = r.block AND s.place = r.place
                """
            )
            try session.announce(id)
            return true
        }
    }

    /// The texts of some transcriptions, by id: their segments joined.
    package func texts(of transcriptions: [Transcription]) async throws -> [UUID: String] {
        try await database.read { session in
            var texts: [UUID: String] = [:]
            for transcription in transcriptions {
                let separator = transcription.textLanguage?.wordSeparator ?? " "
                texts[transcription.id] =
                    try session.row(
                        """
                        SELECT string_agg(text, \(separator)::text ORDER BY ordinal) FROM segments
                        WHERE transcription_id = \(transcription.id) AND ordinal IS NOT NULL
                        """,
                        as: String?.self
                    ).flatMap { $0 } ?? ""
            }
            return texts
        }
    }
}

/// A row of the table of segments.
private struct SegmentRow {
    let ordinal: Int?
    let block, place: Int
    let removal: RemovalReason?
    let segment: Segment
}

extension Session {
    fileprivate func segments(_ condition: SQL) throws -> [SegmentRow] {
        try rows(
            """
            SELECT ordinal, block, place, removal, start_ms, end_ms, text, speaker, language, average_log_probability,
                no_speech_probability, compression_ratio, temperature, words::text, word_timing
            FROM segments WHERE \(sql: condition)
            """,
            as: (
                Int?, Int, Int, RemovalReason?, Timestamp, Timestamp, String, String?, String?, Double?,
                Double?, Double?, Double?, String?, WordTiming?
            ).self
        ).map { row in
            var segment = Segment(start: row.4, end: row.5, text: row.6, averageLogProbability: row.9, noSpeechProbability: row.10)
            segment.speaker = row.7
            segment.language = row.8.flatMap(Language.init(code:))
            segment.compressionRatio = row.11
            segment.temperature = row.12
            segment.words = try row.13.map(StoredWords.words)
            segment.wordTiming = row.14
            return SegmentRow(ordinal: row.0, block: row.1, place: row.2, removal: row.3, segment: segment)
        }
    }
}
