import HTTPTypes
import Hummingbird

/// Adds the headers that keep a browser safe: pages load from this origin only, and the API's answers cannot act as pages.
struct SecurityHeaders: RouterMiddleware {
    private static let pagePolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; \
        manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """
    /// An uploaded file that a browser opens by itself must not be able to run as a page of this origin.
    private static let proxiedPolicy = "default-src 'none'; media-src 'self'; frame-ancestors 'none'; sandbox"

    func handle(
        _ request: Request,
        context: WebsiteContext,
        next: (Request, WebsiteContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        let isProxied = Proxy.covers(request.uri.path)
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = isProxied ? Self.proxiedPolicy : Self.pagePolicy
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        set("X-Frame-Options", "DENY", on: &response)
        set("Referrer-Policy", "same-origin", on: &response)
        set("Cross-Origin-Resource-Policy", "same-origin", on: &response)
        if !isProxied { set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)", on: &response) }
        return response
    }

    private func set(_ name: String, _ value: String, on response: inout Response) {
        guard let name = HTTPField.Name(name) else { return }
        response.headers[name] = value
    }
}
