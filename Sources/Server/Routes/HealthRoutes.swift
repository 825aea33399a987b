import Archive
import Hummingbird
import Logging

/// Whether Earshot is alive, and whether it can work.
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
        Response(
            status: .ok,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "alive\n"))
        )
    }

    /// `GET /health/ready`: the database answers, too; 503 while it doesn't.
    func ready(request: Request, context: Context) async throws -> Response {
        try await health(request: request, context: context)
    }

    /// `GET /api/v1/health`: the same under the name that the old system had.
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
