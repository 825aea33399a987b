import HTTPTypes
import Hummingbird
import NIOCore

/// How a client reached the server: which origin it asked and where it is. Of a trusted proxy, it is what the proxy reports.
package struct Arrival: Sendable, Hashable {
    /// `http` or `https`.
    package let scheme: String
    /// The host and port that the client asked, as it wrote them; nil if it stated none.
    package let host: String?
    /// The addresses of the client and of the proxies between, the nearest last.
    package let addresses: [String]

    /// What a request and its connection say; the headers `Forwarded` and `X-Forwarded-…` are believed only from trusted proxies.
    package init(_ request: Request, from address: SocketAddress?, rules: AccessRules) {
        let peer = [address?.ipAddress].compactMap { $0 }
        guard rules.trustsProxy(at: address) else {
            (scheme, host, addresses) = ("http", request.head.authority, peer)
            return
        }
        let forwarded = Self.elements(of: request.headers[named: "Forwarded"]).last.map(Self.parameters) ?? [:]
        // Of several values, the last is what the nearest proxy wrote.
        scheme = (Self.elements(of: request.headers[named: "X-Forwarded-Proto"]).last ?? forwarded["proto"] ?? "http").lowercased()
        host = Self.elements(of: request.headers[named: "X-Forwarded-Host"]).last ?? forwarded["host"] ?? request.head.authority
        let earlier = Self.elements(of: request.headers[named: "X-Forwarded-For"])
        addresses = (earlier.isEmpty ? [forwarded["for"]].compactMap { $0 } : earlier) + peer
    }

    /// The origin of the server's own pages as this client sees them; nil if it stated no host.
    var origin: WebOrigin? { host.flatMap { Authority($0) }.map { WebOrigin(scheme: scheme, authority: $0) } }

    private static func elements(of header: String?) -> [String] {
        (header ?? "").split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
    }

    /// Reads `for=192.0.2.1;host="a.example";proto=https` (RFC 7239), with names in lower case.
    private static func parameters(_ element: String) -> [String: String] {
        let pairs = element.split(separator: ";").compactMap { pair -> (String, String)? in
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            return (trimmed(parts[0]).lowercased(), trimmed(parts[1]).replacing("\"", with: ""))
        }
        return Dictionary(pairs) { $1 }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.trimmingPrefix(while: \.isWhitespace).reversed().trimmingPrefix(while: \.isWhitespace).reversed())
    }
}
