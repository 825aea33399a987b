import Hummingbird

/// Hands the API's paths on to the backend, whatever their method.
struct Proxy: RouterMiddleware {
    private static let roots = ["/api", "/v1", "/health", "/asr", "/detect-language", "/inference", "/docs", "/openapi.json"]

    let backend: Backend

    /// True for paths that belong to the API.
    static func covers(_ path: String) -> Bool {
        roots.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    func handle(
        _ request: Request,
        context: WebsiteContext,
        next: (Request, WebsiteContext) async throws -> Response
    ) async throws -> Response {
        guard Self.covers(request.uri.path) else { return try await next(request, context) }
        return try await backend.forward(request, to: request.head.path ?? request.uri.string, context: context)
    }
}
