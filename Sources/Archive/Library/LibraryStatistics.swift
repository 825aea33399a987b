import Foundation
import Postgres
import Transcripts

/// The contents of the library in numbers.
package struct LibraryStatistics: Sendable, Hashable {
    /// The number of transcriptions in each state; a state that is missing has none.
    package var transcriptions: [TranscriptionState: Int] = [:]
    package var audioFiles = 0
    /// The length of all recordings together.
    package var audio = Timestamp.zero
    /// The size of all recordings on disk.
    package var bytes: Int64 = 0
    /// How much of recordings each model has transcribed, by its name.
    package var audioByModel: [String: Timestamp] = [:]
    /// The words of all transcripts; in scripts without spaces each character is one.
    package var words = 0
    /// The time that recognition took for each second of sound, over all completed transcriptions; nil where there are none.
    package var realTimeFactor: Double?

    package init() {}
}

extension LibraryStatistics {
    init(_ session: Session) throws {
        let states = try session.rows("SELECT state, count(*) FROM transcriptions GROUP BY state", as: (TranscriptionState, Int).self)
        for (state, count) in states { transcriptions[state] = count }
        let files = try session.row(
            """
            SELECT count(*), least(coalesce(sum(size_bytes), 0), 9223372036854775807)::bigint, least(coalesce(sum(coalesce(f.duration_ms, (
                SELECT max(t.duration_ms) FROM transcriptions t WHERE t.audio_file_id = f.id
            ))), 0), 9223372036854775807)::bigint FROM audio_files f
            """,
            as: (Int, Int64, Timestamp).self
        )
        if let files { (audioFiles, bytes, audio) = files }
        let models = try session.rows(
            """
            SELECT model, least(sum(processed_ms), 9223372036854775807)::bigint, least(sum(processing_ms), 9223372036854775807)::bigint
            FROM transcriptions WHERE state = 'completed' GROUP BY model
            """,
            as: (String, Timestamp, Timestamp).self
        )
        for (model, processed, _) in models { audioByModel[model] = processed }
        let processed = models.reduce(0) { $0 + $1.1.seconds }
        let processing = models.reduce(0) { $0 + $1.2.seconds }
        if processed > 0 { realTimeFactor = processing / processed }
        words = try session.wordCount()
    }
}

extension Session {
    fileprivate func wordCount() throws -> Int {
        let unspaced = Language.all.filter { $0.wordSeparator.isEmpty }.map(\.code)
        return try row(
            """
            SELECT least(coalesce(sum(CASE
                WHEN t.language = ANY (\(unspaced)::text[]) AND NOT coalesce((t.options->>'translate')::boolean, false)
                    THEN char_length(replace(s.text, ' ', ''))
                ELSE char_length(s.text) - char_length(replace(s.text, ' ', '')) + 1
            END), 0), 9223372036854775807)::bigint
            FROM transcriptions t JOIN segments s ON s.transcription_id = t.id AND s.revision = t.revision
            WHERE s.ordinal IS NOT NULL AND s.text <> ''
            """,
            as: Int.self
        ) ?? 0
    }
}
