import HTTPTypes
import Hummingbird

/// Answers 405 with the allowed methods if an address exists but not with the request's method (RFC 9110, 15.5.6).
struct MethodCheck<Context: RequestContext>: RouterMiddleware {
    private let routes: [(path: RouterPath, method: HTTPRequest.Method)]

    init(routes: [Router<Context>.RouteDescription]) {
        self.routes = routes.map { ($0.path, $0.method) }
    }

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        let names = request.uri.path.split(separator: "/")
        let methods = routes.filter { $0.path.count == names.count && zip($0.path, names).allSatisfy { $0 ~= $1 } }.map(\.method.rawValue)
        guard !methods.isEmpty else { return try await next(request, context) }
        let allowed = Set(methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted().joined(separator: ", ")
        throw APIError(
            status: .methodNotAllowed,
            code: "method_not_allowed",
            detail: "This address allows \(allowed), not \(request.method.rawValue).",
            headers: [.allow: allowed]
        )
    }
}
