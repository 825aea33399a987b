import Foundation
import Postgres
import Transcripts

/// A row of the table of segments.
struct SegmentRow: PostgresRow {
    let ordinal: Int?
    let block, place: Int
    let removal: RemovalReason?
    let segment: Segment

    static let columns: SQL = """
        ordinal, block, place, removal, start_ms, end_ms, text, speaker, language, average_log_probability, no_speech_probability,
        compression_ratio, temperature, words::text, word_timing
        """

    init(_ row: inout RowReader) throws {
        ordinal = try row.next()
        block = try row.next()
        place = try row.next()
        removal = try row.next()
        var segment = Segment(start: try row.next(), end: try row.next(), text: try row.next())
        segment.speaker = try row.next()
        segment.language = try row.next(String?.self).flatMap(Language.init(code:))
        segment.averageLogProbability = try row.next()
        segment.noSpeechProbability = try row.next()
        segment.compressionRatio = try row.next()
        segment.temperature = try row.next()
        segment.words = try row.next(String?.self).map(StoredWords.words)
        segment.wordTiming = try row.next()
        self.segment = segment
    }
}

extension Session {
    /// The condition on a segment that it is part of a text: of a revision, or of the current one.
    func isShown(of id: UUID, revision: Int?) -> SQL {
        """
        transcription_id = \(id) AND ordinal IS NOT NULL
        AND revision = coalesce(\(revision)::bigint, (SELECT revision FROM transcriptions WHERE id = \(id)))
        """
    }

    /// The segments of a text in their order.
    func shownSegments(of id: UUID, revision: Int? = nil, from ordinal: Int = 0, limit: Int? = nil) throws -> [StoredSegment] {
        try segmentRows(
            """
            \(sql: isShown(of: id, revision: revision)) AND ordinal >= \(ordinal) ORDER BY ordinal LIMIT \(limit)::bigint
            """
        ).map { StoredSegment(ordinal: $0.ordinal ?? 0, segment: $0.segment) }
    }

    func segmentRows(_ condition: SQL) throws -> [SegmentRow] {
        try rows("SELECT \(sql: SegmentRow.columns) FROM segments WHERE \(sql: condition)", as: SegmentRow.self)
    }

    /// Stores a segment.
    ///
    /// - Parameters:
    ///   - place: Its place in its block, or in an edited text.
    ///   - ordinal: Its place in the transcript; nil where that is not known yet.
    ///   - language: The language that its block was recognized in; nil for the recording's.
    func insertSegment(
        _ segment: Segment,
        removal: RemovalReason? = nil,
        of id: UUID,
        revision: Int = 0,
        block: Int = 0,
        place: Int,
        ordinal: Int? = nil,
        language: DetectedLanguage? = nil
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
