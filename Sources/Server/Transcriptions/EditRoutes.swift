import Archive
import Foundation
import Hummingbird
import Transcripts

/// Edits of names, tags, and texts, of which every revision is kept.
struct EditRoutes: Sendable {
    typealias Context = APIContext

    let texts: TextStore
    let reader: TranscriptionReader
    /// The largest edit, in bytes.
    let largestBody: Int

    /// `PATCH /transcriptions/{id}`: changes name, tags or text; missing fields stay.
    func change(request: Request, context: Context) async throws -> TranscriptionResource {
        let id = try context.transcriptionID()
        let change = try await request.json(ChangeRequest.self, limit: largestBody).change()
        let (transcription, segments) = try await texts.edit(id, change)
        return try await reader.resource(transcription, segments: segments)
    }

    /// `GET /transcriptions/{id}/revisions`: the revisions of the text; 0 is the model's.
    func revisions(request: Request, context: Context) async throws -> RevisionList {
        let transcription = try await reader.find(context)
        let revisions = try await texts.revisions(of: transcription.id)
        return RevisionList(items: revisions.map { RevisionResource($0, isCurrent: $0.number == transcription.revision) })
    }

    /// `POST /transcriptions/{id}/revisions/{number}/restore`: makes a revision current.
    func restore(request: Request, context: Context) async throws -> TranscriptionResource {
        let id = try context.transcriptionID()
        guard let number = context.parameters.get("number", as: Int.self), number >= 0 else {
            throw APIError.notFound("revision_not_found", "Revision numbers start at 0.")
        }
        return try await reader.resource(texts.restoreRevision(number, of: id))
    }
}
