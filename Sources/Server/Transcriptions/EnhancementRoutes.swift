import Hummingbird

/// The predecessor's clean-up by a language model, which Earshot does not have.
struct EnhancementRoutes: Sendable {
    let reader: TranscriptionReader

    /// `POST /transcriptions/{id}/enhance`: is refused.
    func enhance(request: Request, context: APIContext) async throws -> TranscriptionResource {
        _ = try await reader.find(context)
        throw APIError.enhancementUnavailable
    }
}

extension APIError {
    static let enhancementUnavailable = conflict(
        "enhancement_unavailable",
        "Earshot cannot clean up text with a language model or add diacritics. Edit the transcript instead."
    )
}
