import Archive
import Foundation
import Hummingbird
import Transcripts

/// Looking for words inside transcripts.
struct SearchRoutes: Sendable {
    typealias Context = APIContext

    let index: SearchIndex
    let timeLimit: Duration

    /// `GET /search?q=`: the segments in which something is found, the best first.
    func search(request: Request, context: Context) async throws -> SearchResource {
        let values = OptionValues(query: request.options)
        guard let text = values["q"] else {
            throw APIError(status: .badRequest, code: "missing_query", detail: "Say in “q” what to look for.")
        }
        var scope = SearchScope()
        scope.language = try values["language"].map(TranscriptionForm.language)
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
            throw APIError(
                status: .badRequest,
                code: "invalid_transcription_id",
                detail: "“transcription_id” is the id of a transcription."
            )
        }
        return id
    }

    private static func position(_ cursor: String) throws -> SearchPosition {
        guard let position = SearchPosition(cursor) else {
            throw APIError(status: .badRequest, code: "invalid_cursor", detail: "“cursor” is a “next_cursor” of an earlier answer.")
        }
        return position
    }
}
