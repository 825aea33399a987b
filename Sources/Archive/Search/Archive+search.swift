import Foundation
import Postgres
import Transcripts

extension Archive {
    /// The segments of current transcripts in which a query is found, the best of the newest first.
    ///
    /// Words are compared as their language inflects them. Where that finds little, parts of words and words that are written much alike
    /// are looked for, too: models don't know how to spell names.
    ///
    /// - Parameter timeLimit: How long each step may take.
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
                // A word that a language leaves out is worth a notice to the server, for each language.
                try session.execute(
                    """
                    SELECT set_config('statement_timeout', \(String(max(1, timeLimit.milliseconds))), true),
                        set_config('client_min_messages', 'warning', true)
                    """
                )
                let found = try SearchWindow(query: query, scope: scope, position: position, session: session)
                let hits = try session.hits(found.page(limit: limit), of: query)
                return SearchPage(hits: hits, total: found.total, next: found.next(limit: limit))
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
    /// From so many hits by words on, nobody misses what is merely similar.
    static let enough = 20

    private let position: SearchPosition
    private let ranked: [SearchCandidate]
    /// The oldest of the window where there are older hits behind it.
    private let oldest: Int64?

    init(query: SearchQuery, scope: SearchScope, position: SearchPosition, session: Session) throws {
        var found = try session.wordCandidates(query, in: scope, newest: position.newest, limit: Self.size + 1)
        oldest = found.count > Self.size ? found[Self.size - 1].sequence : nil
        found = Array(found.prefix(Self.size))
        if position.window == 0, found.count < Self.enough {
            found += try session.similarCandidates(query, in: scope, newest: position.newest, besides: found)
        }
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

// MARK: - Candidates

extension Session {
    /// The newest segments that have the words, the newest first.
    fileprivate func wordCandidates(_ query: SearchQuery, in scope: SearchScope, newest: Int64, limit: Int) throws -> [SearchCandidate] {
        // A dialect at a time: each stems the query in its own way, and has its own share of common words for the planner to know.
        let searches = try dialects(for: query).map { dialect -> SQL in
            """
            (SELECT sequence, 1 + ts_rank_cd(search, \(sql: query.wanted(in: dialect)), 32)::double precision AS score FROM (
                \(sql: candidates("s.sequence, s.search", in: scope, newest: newest, dialect: "\(dialect)", "s.search @@ (\(sql: query.sql(in: dialect)))"))
                ORDER BY s.sequence DESC LIMIT \(limit)::bigint
            ) s)
            """
        }
        guard let first = searches.first else { return [] }
        let all = searches.dropFirst().reduce(first) { "\(sql: $0) UNION ALL \(sql: $1)" }
        return try rows("\(sql: all) ORDER BY sequence DESC LIMIT \(limit)::bigint", as: (Int64, Double).self)
            .map { SearchCandidate(sequence: $0.0, score: $0.1, match: .words) }
    }

    /// Some segments that have the terms as parts of words, or words that look like them.
    fileprivate func similarCandidates(
        _ query: SearchQuery,
        in scope: SearchScope,
        newest: Int64,
        besides found: [SearchCandidate]
    ) throws -> [SearchCandidate] {
        let limit = 100
        guard let parts = query.sqlForParts, let likeness = query.sqlForLikeness else { return [] }
        let others: SQL = "(\(sql: query.sqlWithoutUnwanted)) AND s.sequence <> ALL (\(found.map(\.sequence))::bigint[])"
        let text = query.terms.map(\.text).joined(separator: " ")
        func ranked(_ search: SQL) throws -> [SearchCandidate] {
            // The likeness of a text takes as long to reckon as to find hundreds of it: only of those that are shown.
            try rows("SELECT sequence, word_similarity(\(text), text)::double precision * 0.99 FROM (\(sql: search)) s", as: (Int64, Double).self)
                .map { SearchCandidate(sequence: $0.0, score: $0.1, match: .similar) }
        }
        let byParts = try ranked(
            """
            SELECT s.* FROM unnest(search_dialects()) d(dialect), LATERAL (
                \(sql: candidates("s.sequence, s.text", in: scope, newest: newest, dialect: "d.dialect", "(\(sql: parts)) AND \(sql: others)"))
                ORDER BY s.sequence DESC LIMIT \(limit)::bigint
            ) s ORDER BY s.sequence DESC LIMIT \(limit)::bigint
            """
        )
        guard byParts.isEmpty, found.isEmpty else { return byParts }
        return try ranked(
            "\(sql: candidates("s.sequence, s.text", in: scope, newest: newest, "(\(sql: likeness)) AND \(sql: others)")) LIMIT \(limit)::bigint"
        )
    }

    /// The dialects of which there is any text, and in which something of the query is more than filling.
    private func dialects(for query: SearchQuery) throws -> [String] {
        try rows(
            """
            SELECT d FROM (
                SELECT d FROM unnest(search_dialects()) d WHERE EXISTS (SELECT FROM segments WHERE dialect = d AND ordinal IS NOT NULL) OFFSET 0
            ) present
            WHERE numnode(websearch_to_tsquery(search_configuration(d), search_words(\(query.websearch)))) > 0
            """,
            as: String.self
        )
    }

    /// Selects from the segments of current transcripts, `s`, that meet a condition.
    private func candidates(_ columns: SQL, in scope: SearchScope, newest: Int64, dialect: SQL? = nil, _ condition: SQL) -> SQL {
        var sql: SQL = """
            SELECT \(sql: columns) FROM segments s JOIN transcriptions t ON t.id = s.transcription_id
            WHERE s.ordinal IS NOT NULL AND s.sequence <= \(newest) AND \(sql: condition)
            """
        if let dialect { sql = "\(sql: sql) AND s.dialect = \(sql: dialect)" }
        if let language = scope.language { sql = "\(sql: sql) AND s.text_language = \(language.code)" }
        if let model = scope.model { sql = "\(sql: sql) AND t.model = \(model)" }
        if let transcription = scope.transcription { sql = "\(sql: sql) AND s.transcription_id = \(transcription)" }
        return sql
    }

    /// All that is told of some hits.
    fileprivate func hits(_ candidates: ArraySlice<SearchCandidate>, of query: SearchQuery) throws -> [SearchHit] {
        let marks = SearchMarks(query)
        let (opening, closing) = (String(SearchMarks.opening), String(SearchMarks.closing))
        let rows = try rows(
            """
            SELECT s.sequence, s.transcription_id, f.original_filename, s.ordinal, s.start_ms, s.end_ms, s.speaker, s.text_language,
                ts_headline(search_configuration(s.dialect), translate(left(s.text, 20000), \(opening + closing), ''),
                    websearch_to_tsquery(search_configuration(s.dialect), search_words(\(query.websearch))),
                    \("HighlightAll=true, StartSel=\(opening), StopSel=\(closing)"))
            FROM segments s JOIN transcriptions t ON t.id = s.transcription_id JOIN audio_files f ON f.id = t.audio_file_id
            WHERE s.sequence = ANY (\(candidates.map(\.sequence))::bigint[]) AND s.dialect = ANY (search_dialects())
            """,
            as: (Int64, UUID, String, Int, Timestamp, Timestamp, String?, String?, String).self
        )
        let known = Dictionary(rows.map { ($0.0, $0) }, uniquingKeysWith: { $1 })
        return candidates.compactMap { candidate in
            known[candidate.sequence].map { row in
                SearchHit(
                    transcriptionID: row.1,
                    filename: row.2,
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

extension SearchQuery {
    /// What is wanted, as a dialect stems it.
    fileprivate func wanted(in dialect: String) -> SQL {
        "websearch_to_tsquery(search_configuration(\(dialect)), search_words(\(websearch)))"
    }

    /// What is wanted and nothing that is not.
    fileprivate func sql(in dialect: String) -> SQL {
        unwanted.isEmpty
            ? wanted(in: dialect)
            : "\(sql: wanted(in: dialect)) && !!websearch_to_tsquery(search_configuration(\(dialect)), search_words(\(unwantedWebsearch)))"
    }

    /// A condition that every term stands somewhere in the text, as part of a word or not; nil where trigrams are no help to find it.
    fileprivate var sqlForParts: SQL? {
        condition { "s.text ILIKE \($0.pattern)" }
    }

    /// A condition that the text has, for every term, words that look like it.
    fileprivate var sqlForLikeness: SQL? {
        condition { $0.canBeLikened ? "\($0.text) <% s.text" : "s.text ILIKE \($0.pattern)" }
    }

    /// A condition that the text has nothing unwanted, neither by its words nor as a part of one.
    fileprivate var sqlWithoutUnwanted: SQL {
        guard !unwanted.isEmpty else { return "true" }
        let words: SQL = "websearch_to_tsquery(search_configuration(s.dialect), search_words(\(unwantedWebsearch)))"
        return unwanted.reduce("NOT s.search @@ \(sql: words)") { "\(sql: $0) AND s.text NOT ILIKE \($1.pattern)" }
    }

    private func condition(_ ofTerm: (SearchTerm) -> SQL) -> SQL? {
        let lists = alternatives.filter { $0.contains(where: \.canBeLikened) }.map { terms in
            terms.map(ofTerm).reduce("true" as SQL) { "\(sql: $0) AND \(sql: $1)" }
        }
        guard let first = lists.first else { return nil }
        return lists.dropFirst().reduce("(\(sql: first))" as SQL) { "\(sql: $0) OR (\(sql: $1))" }
    }
}
