import Hummingbird

/// Clean-up by a language model, which the old system had and Earshot has not yet.
struct EnhancementRoutes: Sendable {
    let reader: TranscriptionReader

    /// `POST /transcriptions/{id}/enhance`: is refused in words.
    func enhance(request: Request, context: APIContext) async throws -> TranscriptionResource {
        _ = try await reader.find(context)
        throw APIError.enhancementUnavailable
    }
}

extension APIError {
    static let enhancementUnavailable = APIError(
        status: .conflict,
        code: "enhancement_unavailable",
        detail: "Earshot does not clean up text with a language model, nor add diacritics. The transcript itself can be edited."
    )
}
