import Foundation
import Postgres
import Transcripts

/// Finds the segments that match a query, by sequence and score alone.
struct CandidateSearch {
    let session: Session
    let query: SearchQuery
    let scope: SearchScope
    /// Segments with a higher sequence are left out.
    let newest: Int64

    /// The newest segments that have the query's words, the newest first.
    func byWords(limit: Int) throws -> [SearchCandidate] {
        let dialects = try dialects()
        guard !dialects.isEmpty else { return [] }
        // Each dialect stems the query in its own way, and its stems must not be compared with another dialect's words.
        let condition = dialects.map { "(s.dialect = \($0) AND s.search @@ (\(sql: query.sql(in: $0))))" as SQL }
        let wanted = dialects.map { "WHEN \($0) THEN \(sql: query.wanted(in: $0))" as SQL }
        return try newestFirst("(\(sql: condition.joined(" OR ")))", limit: limit) { found in
            """
            SELECT sequence, 1 + ts_rank_cd(search, CASE dialect \(sql: wanted.joined(" ")) END, 32)::double precision FROM (\(sql: found)) s
            ORDER BY sequence DESC
            """
        }.map { SearchCandidate(sequence: $0.0, score: $0.1, match: .words) }
    }

    /// Some segments that have the query's terms as parts of words, or if there are none, similar words.
    func similar(besides found: [SearchCandidate]) throws -> [SearchCandidate] {
        let limit = 100
        guard let parts = query.sqlForParts, let likeness = query.sqlForLikeness else { return [] }
        let others: SQL = "(\(sql: query.sqlWithoutUnwanted)) AND s.sequence <> ALL (\(found.map(\.sequence))::bigint[])"
        let text = query.terms.map(\.text).joined(separator: " ")
        // To compute the likeness of one text takes as long as to find hundreds, so it is computed only for those that are returned.
        func ranked(_ found: SQL) -> SQL {
            "SELECT sequence, word_similarity(\(text), text)::double precision * 0.99 FROM (\(sql: found)) s"
        }
        var rows = try newestFirst("(\(sql: parts)) AND \(sql: others)", limit: limit, ranked)
        if rows.isEmpty, found.isEmpty {
            let all = try everywhere("(\(sql: likeness)) AND \(sql: others)") { ranked("\(sql: $0) LIMIT \(limit)::bigint") }
            rows = Array(all.prefix(limit))
        }
        return rows.map { SearchCandidate(sequence: $0.0, score: $0.1, match: .similar) }
    }

    /// The dialects of which there is any text, and in which the query has more than stop words.
    private func dialects() throws -> [String] {
        try session.rows(
            """
            SELECT d FROM (
                SELECT d FROM unnest(search_dialects()) d WHERE EXISTS (SELECT FROM segments WHERE dialect = d AND ordinal IS NOT NULL) OFFSET 0
            ) present
            WHERE numnode(websearch_to_tsquery(search_configuration(d), search_words(\(query.websearch)))) > 0
            """,
            as: String.self
        )
    }

    /// The newest segments that meet a condition, with their scores.
    ///
    /// Common words are found among the newest few thousand segments, without a look at all the others that have them, too; rare ones, which
    /// are not found there, by the indexes. The planner can't choose between the two: it knows how common a word is, but not in which language.
    private func newestFirst(_ condition: SQL, limit: Int, _ ranked: (SQL) -> SQL) throws -> [(Int64, Double)] {
        let latest: SQL = """
            (SELECT \(sql: columns) FROM segments s WHERE s.ordinal IS NOT NULL AND s.sequence <= \(newest) ORDER BY s.sequence DESC LIMIT 8000)
            """
        let common = scoped(latest, condition)
        let first = try session.rows(ranked("\(sql: common) ORDER BY s.sequence DESC LIMIT \(limit)::bigint"), as: (Int64, Double).self)
        guard first.count < limit else { return first }
        // An order that no index has, lest the planner go through all segments by their age.
        return try everywhere(condition) { ranked("\(sql: $0) ORDER BY s.sequence + 0 DESC LIMIT \(limit)::bigint") }
            .sorted { $0.0 > $1.0 }.prefix(limit).map(\.self)
    }

    /// The segments that meet a condition: those in the indexes, and those that are not there yet.
    private func everywhere(_ condition: SQL, _ select: (SQL) -> SQL) throws -> [(Int64, Double)] {
        var found = try session.rows(select(scoped("segments", "s.is_indexed AND \(sql: condition)")), as: (Int64, Double).self)
        let hasUnindexed = try session.row("SELECT EXISTS (SELECT FROM transcriptions WHERE has_unindexed)", as: Bool.self) ?? false
        guard hasUnindexed else { return found }
        // The newest of the hour in which thousands of long texts are edited; the others are found once they are in the indexes.
        let waiting: SQL = """
            (SELECT \(sql: columns) FROM transcriptions t JOIN segments s ON s.transcription_id = t.id AND s.revision = t.revision
             WHERE t.has_unindexed AND s.ordinal IS NOT NULL AND NOT s.is_indexed AND s.sequence <= \(newest)
             ORDER BY s.sequence DESC LIMIT 20000)
            """
        found += try session.rows(select(scoped(waiting, condition)), as: (Int64, Double).self)
        return found
    }

    /// The columns of segments of which some are not in the indexes.
    private let columns: SQL = """
        s.transcription_id, s.revision, s.ordinal, s.sequence, s.text, s.text_language, s.dialect,
        coalesce(s.search, search_vector(s.text_language, s.text)) AS search
        """

    /// Selects, from segments of current transcripts `s`, those that meet a condition.
    private func scoped(_ segments: SQL, _ condition: SQL) -> SQL {
        var sql: SQL = """
            SELECT s.sequence, s.dialect, s.search, s.text FROM \(sql: segments) s JOIN transcriptions t ON t.id = s.transcription_id
            WHERE s.ordinal IS NOT NULL AND s.revision = t.revision AND s.sequence <= \(newest) AND \(sql: condition)
            """
        if let language = scope.language { sql = "\(sql: sql) AND s.text_language = \(language.code)" }
        if let model = scope.model { sql = "\(sql: sql) AND t.model = \(model)" }
        if let tag = scope.tag { sql = "\(sql: sql) AND \(tag) = ANY (t.tags)" }
        if let transcription = scope.transcription { sql = "\(sql: sql) AND s.transcription_id = \(transcription)" }
        return sql
    }
}

extension SearchQuery {
    /// The wanted terms, as a dialect stems them.
    fileprivate func wanted(in dialect: String) -> SQL {
        "websearch_to_tsquery(search_configuration(\(dialect)), search_words(\(websearch)))"
    }

    /// The wanted terms without the unwanted ones.
    fileprivate func sql(in dialect: String) -> SQL {
        unwanted.isEmpty
            ? wanted(in: dialect)
            : "\(sql: wanted(in: dialect)) && !!websearch_to_tsquery(search_configuration(\(dialect)), search_words(\(unwantedWebsearch)))"
    }

    /// A condition that every term occurs in the text, as part of a word or not; nil where trigrams can't find it.
    fileprivate var sqlForParts: SQL? {
        condition { "s.text ILIKE \($0.pattern)" }
    }

    /// A condition that the text has, for every term, a similar word.
    fileprivate var sqlForLikeness: SQL? {
        condition { $0.canBeLikened ? "\($0.text) <% s.text" : "s.text ILIKE \($0.pattern)" }
    }

    /// A condition that no unwanted term occurs in the text, neither as a word nor as a part of one.
    fileprivate var sqlWithoutUnwanted: SQL {
        guard !unwanted.isEmpty else { return "true" }
        let words: SQL = "NOT s.search @@ websearch_to_tsquery(search_configuration(s.dialect), search_words(\(unwantedWebsearch)))"
        return ([words] + unwanted.map { "s.text NOT ILIKE \($0.pattern)" }).joined(" AND ")
    }

    private func condition(_ ofTerm: (SearchTerm) -> SQL) -> SQL? {
        let lists = alternatives.filter { $0.contains(where: \.canBeLikened) }
        return lists.isEmpty ? nil : lists.map { "(\(sql: $0.map(ofTerm).joined(" AND ")))" as SQL }.joined(" OR ")
    }
}

extension [SQL] {
    /// Concatenates them with a separator.
    fileprivate func joined(_ separator: SQL) -> SQL {
        guard let first else { return "" }
        return dropFirst().reduce(first) { "\(sql: $0)\(sql: separator)\(sql: $1)" }
    }
}
