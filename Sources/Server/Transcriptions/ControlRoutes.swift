import Archive
import Hummingbird

/// Canceling, pausing, resuming and retrying transcriptions, and restoring removals.
struct ControlRoutes: Sendable {
    typealias Context = APIContext

    let library: Library
    let texts: TextStore
    let reader: TranscriptionReader

    /// `POST /transcriptions/{id}/cancel`: stops it and keeps the text so far.
    func cancel(request: Request, context: Context) async throws -> TranscriptionResource {
        try await reader.resource(library.cancel(context.transcriptionID()))
    }

    /// `POST /transcriptions/{id}/pause`: stops it until it is resumed.
    func pause(request: Request, context: Context) async throws -> TranscriptionResource {
        try await reader.resource(library.pause(context.transcriptionID()))
    }

    /// `POST /transcriptions/{id}/resume`: continues a paused one.
    func resume(request: Request, context: Context) async throws -> TranscriptionResource {
        try await reader.resource(library.resume(context.transcriptionID()))
    }

    /// `POST /transcriptions/{id}/retry`: continues one that failed or was canceled, where it stopped.
    func retry(request: Request, context: Context) async throws -> TranscriptionResource {
        try await reader.resource(library.retry(context.transcriptionID()))
    }

    /// `GET /transcriptions/{id}/removals`: the segments that gates removed, with the reasons.
    func removals(request: Request, context: Context) async throws -> RemovalList {
        let id = try await reader.find(context).id
        return RemovalList(items: try await texts.removals(of: id).map(RemovalResource.init))
    }

    /// `POST /transcriptions/{id}/removals/{removal}/restore`: restores one of them.
    func restore(request: Request, context: Context) async throws -> TranscriptionResource {
        let id = try context.transcriptionID()
        guard let (block, place) = RemovalResource.place(of: context.parameters.get("removal") ?? ""),
            try await texts.restoreRemoval(block: block, place: place, of: id), let transcription = try await library.find(id)
        else {
            throw APIError.notFound("removal_not_found", "This transcription has no removal with this id.")
        }
        return try await reader.resource(transcription)
    }
}
