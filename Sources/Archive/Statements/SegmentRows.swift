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

    /// Stores segments, all in one statement.
    func insert(_ segments: SegmentBatch, of id: UUID, revision: Int = 0, block: Int = 0) throws {
        try execute(
            """
            INSERT INTO segments (transcription_id, revision, block, place, ordinal, start_ms, end_ms, text, speaker, language,
                average_log_probability, no_speech_probability, compression_ratio, temperature, words, word_timing, removal, text_language)
            SELECT t.id, \(revision)::bigint, \(block)::bigint, s.place, s.ordinal, s.start_ms, s.end_ms, s.text, s.speaker, s.language,
                s.average_log_probability, s.no_speech_probability, s.compression_ratio, s.temperature, s.words::jsonb, s.word_timing, s.removal,
                CASE WHEN (t.options->>'translate')::boolean THEN 'en' ELSE coalesce(s.language, s.block_language, t.language) END
            FROM transcriptions t, \(sql: segments.rows) WHERE t.id = \(id)
            """
        )
    }
}

/// A segment that is to be stored.
struct NewSegment {
    var segment: Segment
    /// Its place in its block, or in an edited text.
    var place: Int
    /// Its place in the transcript; nil where that is not known yet.
    var ordinal: Int?
    /// Why it is not part of the text; nil if it is.
    var removal: RemovalReason?
    /// The language that its block was recognized in; nil for the recording's.
    var blockLanguage: DetectedLanguage?
}

/// Segments in the form in which one statement stores them all. To make it takes long for a large text: so it is made before a transaction.
struct SegmentBatch: Sendable {
    fileprivate let rows: SQL
    /// The segments that are part of the text, as they will be read.
    let shown: [StoredSegment]

    init(_ segments: [NewSegment]) throws {
        var segments = segments
        for index in segments.indices where segments[index].segment.words != nil {
            segments[index].segment.words = segments[index].segment.words?.map(StoredWords.stored)
        }
        shown = segments.compactMap { new in new.ordinal.map { StoredSegment(ordinal: $0, segment: new.segment) } }
        func values<Value>(_ value: (Segment) -> Value) -> [Value] { segments.map { value($0.segment) } }
        rows = """
            unnest(
                \(segments.map { $0.place })::bigint[], \(segments.map { $0.ordinal })::bigint[],
                \(values { $0.start.milliseconds })::bigint[], \(values { $0.end.milliseconds })::bigint[],
                \(values { $0.text })::text[], \(values { $0.speaker })::text[], \(values { $0.language?.code })::text[],
                \(values { $0.averageLogProbability })::double precision[], \(values { $0.noSpeechProbability })::double precision[],
                \(values { $0.compressionRatio })::double precision[], \(values { $0.temperature })::double precision[],
                \(try segments.map { try $0.segment.words.map(StoredWords.text) })::text[], \(values { $0.wordTiming?.rawValue })::text[],
                \(segments.map { $0.removal?.rawValue })::text[], \(segments.map { $0.blockLanguage?.code })::text[]
            ) AS s (place, ordinal, start_ms, end_ms, text, speaker, language, average_log_probability, no_speech_probability,
                compression_ratio, temperature, words, word_timing, removal, block_language)
            """
    }

    /// The segments of a whole text, in their order.
    init(text segments: [Segment]) throws {
        try self.init(segments.enumerated().map { NewSegment(segment: $1, place: $0, ordinal: $0) })
    }
}
