import Archive
import Foundation
import Hummingbird
import Transcripts

/// What people change: names, tags, and the text, of which every version is kept.
struct EditRoutes: Sendable {
    typealias Context = APIContext

    let texts: TextStore
    let reader: TranscriptionReader
    /// Of an edit, in bytes.
    let largestBody: Int

    /// `PATCH /transcriptions/{id}`: changes name, tags or text; what the request leaves out stays.
    func change(request: Request, context: Context) async throws -> TranscriptionResource {
        let id = try context.transcriptionID()
        let change = try await request.json(ChangeRequest.self, limit: largestBody).change()
        return try await reader.resource(texts.edit(id, change))
    }

    /// `GET /transcriptions/{id}/revisions`: the texts that it has had; 0 is the machine's.
    func revisions(request: Request, context: Context) async throws -> RevisionList {
        let transcription = try await reader.find(context)
        let revisions = try await texts.revisions(of: transcription.id)
        return RevisionList(items: revisions.map { RevisionResource($0, isCurrent: $0.number == transcription.revision) })
    }

    /// `POST /transcriptions/{id}/revisions/{number}/restore`: makes one of them count again.
    func restore(request: Request, context: Context) async throws -> TranscriptionResource {
        let id = try context.transcriptionID()
        guard let number = context.parameters.get("number").flatMap({ Int($0) }), number >= 0 else {
            throw APIError(status: .notFound, code: "revision_not_found", detail: "The number of a revision counts from 0.")
        }
        return try await reader.resource(texts.restoreRevision(number, of: id))
    }
}
