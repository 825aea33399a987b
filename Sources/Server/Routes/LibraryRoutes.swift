import Archive
import Foundation
import Hummingbird

/// Everything that there is: lists, deleting many at once, numbers.
struct LibraryRoutes: Sendable {
    typealias Context = APIContext

    private static let mostDeletions = 1000

    let library: Library
    let reader: TranscriptionReader

    /// `GET /transcriptions`: those that are wanted, in the order that is wanted, page by page; the newest first if nothing is said.
    func list(request: Request, context: Context) async throws -> TranscriptionList {
        let query = try LibraryQuery(request.options)
        // One more than wanted tells whether there are others.
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

    /// `POST /transcriptions/delete`: deletes those of a list of ids, and tells which were not there.
    func deleteMany(request: Request, context: Context) async throws -> DeletionResource {
        let texts = try await request.json(DeletionRequest.self).ids
        guard texts.count <= Self.mostDeletions else {
            throw APIError(
                status: .badRequest,
                code: "too_many_ids",
                detail: "At most \(Self.mostDeletions) transcriptions are deleted at once."
            )
        }
        let ids = try texts.map { text in
            guard let id = UUID(uuidString: text) else {
                throw APIError(status: .badRequest, code: "invalid_id", detail: "“\(text.prefix(50))” is not the id of a transcription.")
            }
            return id
        }
        var result = DeletionResource()
        var seen: Set<UUID> = []
        for id in ids where seen.insert(id).inserted {
            if try await library.delete(id) { result.deleted.append(id.wire) } else { result.notFound.append(id.wire) }
        }
        return result
    }

    /// `GET /statistics`: what there is, in numbers.
    func statistics(request: Request, context: Context) async throws -> StatisticsResource {
        StatisticsResource(try await library.statistics())
    }

    private struct DeletionRequest: Decodable {
        let ids: [String]
    }
}
