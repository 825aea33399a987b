import Archive
import Hummingbird

/// Stopping, holding and going on with transcriptions, and putting back what was taken out of them.
struct ControlRoutes: Sendable {
    typealias Context = APIContext

    let library: Library
    let texts: TextStore
    let reader: TranscriptionReader

    /// `POST /transcriptions/{id}/cancel`: stops it for good and keeps the text so far.
    func cancel(request: Request, context: Context) async throws -> TranscriptionResource {
        try await reader.resource(library.cancel(context.transcriptionID()))
    }

    /// `POST /transcriptions/{id}/pause`: holds it until it is resumed.
    func pause(request: Request, context: Context) async throws -> TranscriptionResource {
        try await reader.resource(library.pause(context.transcriptionID()))
    }

    /// `POST /transcriptions/{id}/resume`: goes on with a paused one.
    func resume(request: Request, context: Context) async throws -> TranscriptionResource {
        try await reader.resource(library.resume(context.transcriptionID()))
    }

    /// `POST /transcriptions/{id}/retry`: goes on, where it stopped, with one that failed or was cancelled.
    func retry(request: Request, context: Context) async throws -> TranscriptionResource {
        try await reader.resource(library.retry(context.transcriptionID()))
    }

    /// `GET /transcriptions/{id}/removals`: what was heard but taken out of the text, and why.
    func removals(request: Request, context: Context) async throws -> RemovalList {
        let id = try await reader.find(context).id
        return RemovalList(items: try await texts.removals(of: id).map(RemovalResource.init))
    }

    /// `POST /transcriptions/{id}/removals/{removal}/restore`: puts one of them back into the text.
    func restore(request: Request, context: Context) async throws -> TranscriptionResource {
        let id = try context.transcriptionID()
        guard let (block, place) = RemovalResource.place(of: context.parameters.get("removal") ?? ""),
            try await texts.restoreRemoval(block: block, place: place, of: id), let transcription = try await library.find(id)
        else {
            throw APIError(status: .notFound, code: "removal_not_found", detail: "Nothing of this id was taken out of this transcription.")
        }
        return try await reader.resource(transcription)
    }
}
