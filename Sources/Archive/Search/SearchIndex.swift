import Basics
import Foundation
import Postgres
import Transcripts

/// Search in the current texts of all transcriptions.
package struct SearchIndex: Sendable {
    let database: Database

    /// The segments of current transcripts that match a query, the best of the newest first.
    ///
    /// Words are compared as their language inflects them. Where that finds little, parts of words and similarly spelled words match, too:
    /// models don't know how to spell names.
    ///
    /// - Parameter timeLimit: The most time for each step.
    /// - Throws: `ArchiveError.searchTooBroad` if it takes longer.
    package func search(
        _ query: SearchQuery,
        in scope: SearchScope = SearchScope(),
        from position: SearchPosition = SearchPosition(),
        limit: Int,
        timeLimit: Duration
    ) async throws -> SearchPage {
        guard !query.isEmpty else { return SearchPage(hits: [], total: 0) }
        do {
            return try await database.transaction { session in
                // The server sends a notice for each stop word, for each language. And the best plan depends on the words.
                try session.execute(
                    """
                    SELECT set_config('statement_timeout', \(String(max(1, timeLimit.milliseconds))), true),
                        set_config('client_min_messages', 'warning', true), set_config('plan_cache_mode', 'force_custom_plan', true)
                    """
                )
                let search = CandidateSearch(session: session, query: query, scope: scope, newest: position.newest)
                let window = try SearchWindow(search, position: position)
                let hits = try session.hits(window.page(limit: limit), of: query)
                return SearchPage(hits: hits, total: window.total, next: window.next(limit: limit))
            }
        } catch let error as PostgresError where error.state == "57014" {
            throw ArchiveError.searchTooBroad
        }
    }
}

/// The candidates of one window, ranked.
private struct SearchWindow {
    /// So many hits are ranked at once; of more the newest.
    static let size = 500
    /// From so many hits by words on, similar ones are not searched for.
    static let enough = 20

    private let position: SearchPosition
    private let ranked: [SearchCandidate]
    /// The oldest of the window where there are older hits behind it.
    private let oldest: Int64?

    init(_ search: CandidateSearch, position: SearchPosition) throws {
        var found = try search.byWords(limit: Self.size + 1)
        oldest = found.count > Self.size ? found[Self.size - 1].sequence : nil
        found = Array(found.prefix(Self.size))
        if position.window == 0, found.count < Self.enough { found += try search.similar(besides: found) }
        ranked = found.sorted { $0.comes(before: $1) }
        self.position = position
    }

    var total: Int? { position.window == 0 && oldest == nil ? ranked.count : nil }

    func page(limit: Int) -> ArraySlice<SearchCandidate> { rest.prefix(limit) }

    func next(limit: Int) -> SearchPosition? {
        var next = position
        if rest.count > limit {
            next.newest = min(position.newest, ranked.map(\.sequence).max() ?? position.newest)
            next.last = page(limit: limit).last
        } else if let oldest {
            next.window += 1
            next.newest = oldest - 1
            next.last = nil
        } else {
            return nil
        }
        return next
    }

    private var rest: ArraySlice<SearchCandidate> {
        guard let last = position.last else { return ranked[...] }
        return ranked.drop { !last.comes(before: $0) }
    }
}

private struct HitRow: PostgresRow {
    let sequence: Int64
    let transcriptionID: UUID
    let name: String
    let ordinal: Int
    let start, end: Timestamp
    let speaker, language: String?
    let marked: String

    init(_ row: inout RowReader) throws {
        sequence = try row.next()
        transcriptionID = try row.next()
        name = try row.next()
        ordinal = try row.next()
        start = try row.next()
        end = try row.next()
        speaker = try row.next()
        language = try row.next()
        marked = try row.next()
    }
}

extension Session {
    /// The hits of some candidates, in their order, without those that were deleted meanwhile.
    fileprivate func hits(_ candidates: ArraySlice<SearchCandidate>, of query: SearchQuery) throws -> [SearchHit] {
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
            as: HitRow.self
        )
        let known = Dictionary(rows.map { ($0.sequence, $0) }, uniquingKeysWith: { $1 })
        return candidates.compactMap { candidate in
            known[candidate.sequence].map { row in
                SearchHit(
                    transcriptionID: row.transcriptionID,
                    name: row.name,
                    ordinal: row.ordinal,
                    start: row.start,
                    end: row.end,
                    speaker: row.speaker,
                    language: row.language,
                    snippet: marks.snippet(of: row.marked, match: candidate.match),
                    match: candidate.match,
                    score: candidate.score
                )
            }
        }
    }
}
