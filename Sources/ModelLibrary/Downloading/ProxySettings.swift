import AsyncHTTPClient
import Basics
import Foundation

/// The proxies that the environment sets: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in upper or lower case.
package struct ProxySettings: Sendable, Hashable {
    private let https, http: String?
    private let exceptions: [String]

    /// Reads the variables; the lower-case spelling has precedence, as in curl.
    package init(environment: [String: String]) {
        func value(_ name: String) -> String? {
            let values = [environment[name], environment[name.uppercased()]].compactMap { $0?.trimmingCharacters(in: .whitespaces) }
            return values.first { !$0.isEmpty }
        }
        let all = value("all_proxy")
        https = value("https_proxy") ?? all
        http = value("http_proxy") ?? all
        exceptions = (value("no_proxy") ?? "").split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    }

    /// The proxy for a web address; nil for a direct connection, which this machine itself always gets.
    package func proxy(for url: URL) throws(DownloadError) -> HTTPClient.Configuration.Proxy? {
        guard let setting = url.scheme == "https" ? https : http, let host = url.host()?.lowercased() else { return nil }
        let port = url.port ?? (url.scheme == "https" ? 443 : 80)
        guard !["localhost", "::1", "[::1]"].contains(host), !host.hasPrefix("127."), !isException(host, port: port) else { return nil }
        return try Self.proxy(from: setting)
    }

    /// An entry names a host and its subdomains, with or without a port; a star names every host.
    private func isException(_ host: String, port: Int) -> Bool {
        exceptions.contains { entry in
            if entry == "*" { return true }
            var name = entry[...]
            if let colon = entry.lastIndex(of: ":"), let number = Int(entry[entry.index(after: colon)...]) {
                guard number == port else { return false }
                name = entry[..<colon]
            }
            name = name.drop { $0 == "*" || $0 == "." }
            return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
        }
    }

    private static func proxy(from setting: String) throws(DownloadError) -> HTTPClient.Configuration.Proxy {
        // The value may contain a password, so no message repeats it.
        guard let url = URL(string: setting.contains("://") ? setting : "http://\(setting)"), let host = url.host(), !host.isEmpty,
            url.hasPossiblePort
        else {
            throw .badProxy("it is not an address")
        }
        switch url.scheme?.lowercased() {
        case "http":
            let password = url.password(percentEncoded: false) ?? ""
            let authorization = url.user(percentEncoded: false).map { HTTPClient.Authorization.basic(username: $0, password: password) }
            return .server(host: host, port: url.port ?? 80, authorization: authorization)
        case "socks", "socks5", "socks5h": return .socksServer(host: host, port: url.port ?? 1080)
        case let scheme: throw .badProxy("the scheme “\(scheme ?? "")” is not supported")
        }
    }
}
