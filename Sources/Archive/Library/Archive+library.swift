import Foundation
import Postgres
import Transcripts

extension Archive {
    /// One transcription, or nil if there is none of that id.
    package func transcription(_ id: UUID) async throws -> Transcription? {
        try await database.read { session in try session.transcription(id) }
    }

    /// Transcriptions that a filter lets through, in an order; all of them are counted.
    ///
    /// - Parameters:
    ///   - limit: The most to return.
    ///   - offset: How many to leave out; for pages by number.
    ///   - position: The last one that was seen, in the same order; for pages that stay right while the list grows.
    package func transcriptions(
        _ filter: LibraryFilter = LibraryFilter(),
        order: LibraryOrder = .newestFirst,
        limit: Int,
        offset: Int = 0,
        after position: LibraryPosition? = nil
    ) async throws -> Page<Transcription> {
        try await database.read { session in
            let total = try session.row(
                "SELECT count(*) FROM transcriptions t JOIN audio_files f ON f.id = t.audio_file_id WHERE \(sql: filter.condition)",
                as: Int.self
            )
            let items = try session.transcriptions(
                """
                WHERE \(sql: filter.condition) AND \(sql: position.map(order.condition) ?? "true")
                ORDER BY \(sql: order.clause) LIMIT \(limit)::bigint OFFSET \(offset)::bigint
                """
            )
            return Page(items: items, total: total ?? 0)
        }
    }

    /// The texts of some transcriptions, by id: the segments that count, joined.
    package func texts(of transcriptions: [Transcription]) async throws -> [UUID: String] {
        let ids = transcriptions.map(\.id)
        let separators = transcriptions.map { $0.textLanguage?.wordSeparator ?? " " }
        return try await database.read { session in
            let texts = try session.rows(
                """
                SELECT t.id, string_agg(s.text, w.separator ORDER BY s.ordinal)
                FROM unnest(\(ids)::uuid[], \(separators)::text[]) AS w (id, separator)
                JOIN transcriptions t ON t.id = w.id
                JOIN segments s ON s.transcription_id = t.id AND s.revision = t.revision AND s.ordinal IS NOT NULL
                GROUP BY t.id
                """,
                as: (UUID, String).self
            )
            let found = Dictionary(texts, uniquingKeysWith: { first, _ in first })
            return Dictionary(ids.map { ($0, found[$0] ?? "") }, uniquingKeysWith: { first, _ in first })
        }
    }
}
