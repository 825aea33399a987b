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

/// Refuses changes that a page of another site makes a browser send.
struct CrossSiteGuard: RouterMiddleware {
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
    private static let forwardedHost = HTTPField.Name("X-Forwarded-Host")

    func handle(
        _ request: Request,
        context: WebsiteContext,
        next: (Request, WebsiteContext) async throws -> Response
    ) async throws -> Response {
        let isReading = [.get, .head, .options].contains(request.method)
        guard isReading || comesFromHere(request) else { throw Problem.crossSite }
        return try await next(request, context)
    }

    /// True for this site's own pages and for programs, which send neither header. Browsers omit `Sec-Fetch-Site` on plain HTTP.
    private func comesFromHere(_ request: Request) -> Bool {
        if let site = Self.fetchSite.flatMap({ request.headers[$0] }) { return site != "cross-site" }
        guard let origin = request.headers[.origin] else { return true }
        let originHost = host(of: origin.split(separator: "//").last.map(String.init) ?? origin)
        let names = [request.head.authority, Self.forwardedHost.flatMap { request.headers[$0] }]
        return names.compactMap { $0 }.contains { host(of: $0) == originHost }
    }

    /// The name in `name:port`, lower case.
    private func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return authority.split(separator: "]").first.map { $0.lowercased() } ?? "" }
        return authority.split(separator: ":").first.map { $0.lowercased() } ?? ""
    }
}
