import HTTPTypes
import Hummingbird

/// Refuses requests that ask an unknown host name, and those that a page of another site made a browser send.
///
/// Programs send neither `Origin` nor `Sec-Fetch-Site`, and browsers let no page forge them. A link on another site may lead here: a browser
/// shows the answer to its user and gives nothing to the page with the link.
package struct AccessGuard<Context: ConnectedContext>: RouterMiddleware {
    private let rules: AccessRules

    package init(_ rules: AccessRules) {
        self.rules = rules
    }

    package func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        try check(request, arrival: Arrival(request, from: context.channel.remoteAddress, rules: rules))
        return try await next(request, context)
    }

    private func check(_ request: Request, arrival: Arrival) throws(AccessRefusal) {
        if request.uri.path.contains("//") { throw .emptyPathPart }
        if !isHealthCheck(request), let host = arrival.host, !isKnown(host) { throw .unknownHost(host) }
        if let text = request.headers[.origin] {
            guard let origin = WebOrigin(text), origin == arrival.origin || rules.origins.contains(origin) else {
                throw .foreignOrigin(text)
            }
        } else if let site = request.headers[named: "Sec-Fetch-Site"], site != "same-origin", site != "none", !isLink(request) {
            throw .otherSite
        }
    }

    private func isKnown(_ host: String) -> Bool { Authority(host).map(rules.hosts.includes) ?? false }

    /// Supervisors ask under any name, and the answer tells nothing that a stranger could use.
    private func isHealthCheck(_ request: Request) -> Bool {
        let path = request.uri.path
        return [.get, .head].contains(request.method) && (path.hasPrefix("/health/") || path == "/api/v1/health")
    }

    /// Whether the browser opens the address as a page of its own, because its user followed a link.
    private func isLink(_ request: Request) -> Bool {
        [.get, .head].contains(request.method) && request.headers[named: "Sec-Fetch-Mode"] == "navigate"
            && request.headers[named: "Sec-Fetch-Dest"] == "document"
    }
}
