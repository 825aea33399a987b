import Hummingbird
import Logging

/// Whether Earshot runs, and whether it can work.
struct HealthRoutes: Sendable {
    typealias Context = APIContext

    let checkDatabase: @Sendable () async throws -> Void

    private struct Health: ResponseEncodable {
        let status: String
        let message: String
        let database: String
    }

    /// `GET /health/live`: the process answers.
    func live(request: Request, context: Context) -> Response {
        .text("alive\n")
    }

    /// `GET /health/ready`: the database answers, too; 503 if it does not.
    func ready(request: Request, context: Context) async throws -> Response {
        try await health(request: request, context: context)
    }

    /// `GET /api/v1/health`: the same under the predecessor's name.
    func health(request: Request, context: Context) async throws -> Response {
        do {
            try await checkDatabase()
            return try Health(status: "healthy", message: "Earshot is ready", database: "connected").response(
                from: request,
                context: context
            )
        } catch {
            Logger.current.warning("The database does not answer", metadata: ["error": "\(error)"])
            var response = try Health(status: "unhealthy", message: "The database does not answer", database: "unreachable")
                .response(from: request, context: context)
            response.status = .serviceUnavailable
            return response
        }
    }
}
