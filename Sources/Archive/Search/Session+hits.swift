import Foundation
import Postgres
import Transcripts

extension Session {
    /// All that is told of some hits, in their order; of what has been deleted meanwhile, nothing.
    func hits(_ candidates: ArraySlice<SearchCandidate>, of query: SearchQuery) throws -> [SearchHit] {
        let marks = SearchMarks(query)
        let (opening, closing) = (String(SearchMarks.opening), String(SearchMarks.closing))
        let rows = try rows(
            """
            SELECT s.sequence, s.transcription_id, coalesce(t.name, f.original_filename), s.ordinal, s.start_ms, s.end_ms, s.speaker, s.text_language,
                ts_headline(search_configuration(s.dialect), translate(left(s.text, 20000), \(opening + closing), ''),
                    websearch_to_tsquery(search_configuration(s.dialect), search_words(\(query.websearch))),
                    \("HighlightAll=true, StartSel=\(opening), StopSel=\(closing)"))
            FROM segments s JOIN transcriptions t ON t.id = s.transcription_id JOIN audio_files f ON f.id = t.audio_file_id
            WHERE s.sequence = ANY (\(candidates.map(\.sequence))::bigint[]) AND s.ordinal IS NOT NULL
            """,
            as: (Int64, UUID, String, Int, Timestamp, Timestamp, String?, String?, String).self
        )
        let known = Dictionary(rows.map { ($0.0, $0) }, uniquingKeysWith: { $1 })
        return candidates.compactMap { candidate in
            known[candidate.sequence].map { row in
                SearchHit(
                    transcriptionID: row.1,
                    name: row.2,
                    ordinal: row.3,
                    start: row.4,
                    end: row.5,
                    speaker: row.6,
                    language: row.7,
                    snippet: marks.snippet(of: row.8, match: candidate.match),
                    match: candidate.match,
                    score: candidate.score
                )
            }
        }
    }
}
