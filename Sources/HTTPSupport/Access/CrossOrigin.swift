import HTTPTypes
import Hummingbird

/// Lets browsers give answers to the pages of allowed origins (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).
///
/// It goes around whatever answers errors, so that those pages can read errors, too.
package struct CrossOrigin<Context: ConnectedContext>: RouterMiddleware {
    private static var methods: String { "GET, HEAD, POST, PATCH, DELETE, OPTIONS" }
    /// What scripts may read of an answer, besides the few headers that they always may.
    private static var exposed: String {
        """
        Accept-Ranges, Allow, Content-Disposition, Content-Range, ETag, Location, Preference-Applied, Retry-After, \
        Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, \
        Upload-Offset, Upload-Length, Upload-Metadata, Upload-Expires, Upload-Transcription
        """
    }

    private let rules: AccessRules

    package init(_ rules: AccessRules) {
        self.rules = rules
    }

    package func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard !rules.origins.isEmpty else { return try await next(request, context) }
        let origin = request.headers[.origin]
        let isAllowed = origin.flatMap { WebOrigin($0) }.map(rules.origins.contains) ?? false
        var response = isAllowed && isPreflight(request) ? preflight(request) : try await next(request, context)
        // Caches must not give an answer for one origin to another.
        if !response.headers[values: .vary].contains("Origin") {
            response.headers.append(HTTPField(name: .vary, value: "Origin"))
        }
        if isAllowed {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlExposeHeaders] = Self.exposed
        }
        return response
    }

    /// Whether a browser asks if it may send a request; clients of tus send `OPTIONS`, too, without this header.
    private func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers[.accessControlRequestMethod] != nil
    }

    /// Allows every header: an allowed page may send what a program may.
    private func preflight(_ request: Request) -> Response {
        var response = Response(status: .noContent)
        response.headers[.accessControlAllowMethods] = Self.methods
        response.headers[.accessControlAllowHeaders] = request.headers[.accessControlRequestHeaders]
        response.headers[.accessControlMaxAge] = "7200"
        // Chromium asks this before a page from the Internet reaches a private address.
        if request.headers[named: "Access-Control-Request-Private-Network"] == "true" {
            response.headers[named: "Access-Control-Allow-Private-Network"] = "true"
        }
        return response
    }
}
