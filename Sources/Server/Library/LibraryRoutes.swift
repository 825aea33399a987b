import Archive
import Basics
import Foundation
import Hummingbird

/// The library: lists, deleting several transcriptions, and statistics.
struct LibraryRoutes: Sendable {
    typealias Context = APIContext

    private static let mostDeletions = 1000

    let library: Library
    let reader: TranscriptionReader

    /// `GET /transcriptions`: a page of the transcriptions that match a filter; the newest first by default.
    func list(request: Request, context: Context) async throws -> TranscriptionList {
        let query = try LibraryQuery(request.options)
        // One more than requested, to know whether there is another page.
        let page = try await library.list(
            query.filter,
            order: query.order,
            limit: query.limit + 1,
            offset: query.offset,
            after: query.position
        )
        let shown = Array(page.items.prefix(query.limit))
        let next = page.items.count > query.limit ? shown.last.map { LibraryPosition(of: $0, in: query.order) } : nil
        return TranscriptionList(
            items: try await reader.resources(shown),
            total: page.total,
            limit: query.limit,
            offset: query.offset,
            nextCursor: next.map { LibraryCursor(position: $0, order: query.order).text }
        )
    }

    /// `POST /transcriptions/delete`: deletes the transcriptions of a list of ids, and returns which were not found.
    func deleteMany(request: Request, context: Context) async throws -> DeletionResource {
        let texts = try await request.json(DeletionRequest.self).ids
        guard texts.count <= Self.mostDeletions else {
            throw APIError.badRequest("too_many_ids", "“ids” may have at most \(Self.mostDeletions) ids.")
        }
        let ids = try texts.map { text in
            guard let id = UUID(uuidString: text) else {
                throw APIError.badRequest("invalid_id", "“\(text.prefix(50))” is not the id of a transcription.")
            }
            return id
        }
        var result = DeletionResource()
        var seen: Set<UUID> = []
        for id in ids where seen.insert(id).inserted {
            if try await library.delete(id) { result.deleted.append(id.lowercased) } else { result.notFound.append(id.lowercased) }
        }
        return result
    }

    /// `GET /statistics`: the library in numbers.
    func statistics(request: Request, context: Context) async throws -> StatisticsResource {
        StatisticsResource(try await library.statistics())
    }

    private struct DeletionRequest: Decodable {
        let ids: [String]
    }
}
