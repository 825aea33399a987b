import Archive
import Foundation
import Hummingbird
import Transcripts

/// Search in transcripts.
struct SearchRoutes: Sendable {
    typealias Context = APIContext

    let index: SearchIndex
    let timeLimit: Duration

    /// `GET /search?q=`: the segments that match, the best first.
    func search(request: Request, context: Context) async throws -> SearchResource {
        let values = OptionValues(query: request.options)
        guard let text = values["q"] else {
            throw APIError.badRequest("missing_query", "“q” is missing: name the words to search for.")
        }
        var scope = SearchScope()
        scope.language = try values["language"].map(Language.named)
        scope.model = values["model"]
        scope.tag = values["tag"]
        scope.transcription = try values["transcription_id"].map(Self.id)
        let page = try await index.search(
            SearchQuery(text),
            in: scope,
            from: values["cursor"].map(Self.position) ?? SearchPosition(),
            limit: values.integer("limit", in: 1...100) ?? 20,
            timeLimit: timeLimit
        )
        return SearchResource(page, query: text)
    }

    private static func id(_ text: String) throws -> UUID {
        guard let id = UUID(uuidString: text) else {
            throw APIError.badRequest("invalid_transcription_id", "“transcription_id” must be the id of a transcription.")
        }
        return id
    }

    private static func position(_ cursor: String) throws -> SearchPosition {
        guard let position = SearchPosition(cursor) else {
            throw APIError.badRequest("invalid_cursor", "“cursor” must be the “next_cursor” of an earlier answer.")
        }
        return position
    }
}
