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
                // A word that a language leaves out is worth a notice to the server, for each language. And what is the best plan depends
                // on the words.
                try session.execute(
                    """
                    SELECT set_config('statement_timeout', \(String(max(1, timeLimit.milliseconds))), true),
                        set_config('client_min_messages', 'warning', true), set_config('plan_cache_mode', 'force_custom_plan', true)
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
