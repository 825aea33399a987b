import Hummingbird

/// Whether Earshot runs, and whether it can work.
struct HealthRoutes: Sendable {
    typealias Context = APIContext

    let monitor: HealthMonitor

    private struct Health: ResponseEncodable {
        struct Check: Encodable {
            let name: String
            let status: HealthCheck.Status
            let message: String
        }

        let status: String
        let message: String
        let database: String
        let checks: [Check]
    }

    /// `GET /health/live`: the process answers.
    func live(request: Request, context: Context) -> Response {
        .text("alive\n")
    }

    /// `GET /health/ready`: what Earshot can't work without works, too; 503 if it does not. Answers within two seconds.
    func ready(request: Request, context: Context) async throws -> Response {
        try await health(request: request, context: context)
    }

    /// `GET /api/v1/health`: the same under the predecessor's name.
    func health(request: Request, context: Context) async throws -> Response {
        let findings = await monitor.findings()
        let failed = findings.filter { $0.finding.status == .failed }
        let warnings = findings.filter { $0.finding.status == .warning }
        let database = findings.first { $0.name == "database" }
        let health = Health(
            status: failed.isEmpty ? "healthy" : "unhealthy",
            message: failed.first?.finding.message ?? warnings.first?.finding.message ?? "Earshot is ready",
            database: database?.finding.status == .failed ? "unreachable" : "connected",
            checks: findings.map { Health.Check(name: $0.name, status: $0.finding.status, message: $0.finding.message) }
        )
        var response = try health.response(from: request, context: context)
        if !failed.isEmpty { response.status = .serviceUnavailable }
        return response
    }
}
