import Foundation
import Postgres
import Transcripts

/// A row of the table of segments.
struct SegmentRow {
    let ordinal: Int?
    let block, place: Int
    let removal: RemovalReason?
    let segment: Segment
}

extension Session {
    /// The condition on a segment that it is part of a text: of a revision, or of the one that counts.
    func isShown(of id: UUID, revision: Int?) -> SQL {
        """
        transcription_id = \(id) AND ordinal IS NOT NULL
        AND revision = coalesce(\(revision)::bigint, (SELECT revision FROM transcriptions WHERE id = \(id)))
        """
    }

    /// The segments of a text in their order.
    func segments(of id: UUID, revision: Int? = nil, from ordinal: Int = 0, limit: Int? = nil) throws -> [StoredSegment] {
        try segmentRows(
            """
            \(sql: isShown(of: id, revision: revision)) AND ordinal >= \(ordinal) ORDER BY ordinal LIMIT \(limit)::bigint
            """
        ).map { StoredSegment(ordinal: $0.ordinal ?? 0, segment: $0.segment) }
    }

    func segmentRows(_ condition: SQL) throws -> [SegmentRow] {
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

    /// Stores a segment.
    ///
    /// - Parameters:
    ///   - place: Its place in its block, or in an edited text.
    ///   - ordinal: Its place in the transcript; nil where that is not known yet.
    ///   - language: The language that its block was recognised in; nil for the recording's.
    func insert(
        _ segment: Segment,
        removal: RemovalReason? = nil,
        of id: UUID,
        revision: Int = 0,
        block: Int = 0,
        place: Int,
        ordinal: Int? = nil,
        language: BlockLanguage? = nil
    ) throws {
        try execute(
            """
            INSERT INTO segments (transcription_id, revision, block, place, ordinal, start_ms, end_ms, text, speaker, language,
                average_log_probability, no_speech_probability, compression_ratio, temperature, words, word_timing, removal, text_language)
            VALUES (\(id), \(revision), \(block), \(place), \(ordinal), \(segment.start.milliseconds), \(segment.end.milliseconds),
                \(segment.text), \(segment.speaker), \(segment.language?.code), \(segment.averageLogProbability),
                \(segment.noSpeechProbability), \(segment.compressionRatio), \(segment.temperature),
                \(try segment.words.map(StoredWords.text))::jsonb, \(segment.wordTiming?.rawValue), \(removal?.rawValue),
                (SELECT CASE WHEN (options->>'translate')::boolean THEN 'en'
                    ELSE coalesce(\(segment.language?.code ?? language?.code)::text, language) END FROM transcriptions WHERE id = \(id)))
            """
        )
    }
}
