import Foundation
import HTTPSupport

/// The web address of a file, checked as far as that is possible without the network.
struct ImportAddress: Sendable, Hashable {
    /// The host name in lower case and without a dot at its end, or the IP address without brackets.
    let host: String
    private let components: URLComponents

    private static let longest = 8192

    /// Reads `https://host:port/path?query`, or the target of a redirect, which may be relative.
    ///
    /// - Throws: `ImportError.badAddress` for a scheme other than http and https, a user name or password, or a host that is not plain.
    init(_ text: String, relativeTo base: ImportAddress? = nil) throws(ImportError) {
        guard text.utf8.count <= Self.longest, let absolute = URL(string: text, relativeTo: base?.url)?.absoluteURL,
            var parts = URLComponents(url: absolute, resolvingAgainstBaseURL: true), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), parts.user == nil, parts.password == nil, let host = parts.host.flatMap(Self.hostName),
            parts.port.map({ (1...65_535).contains($0) }) ?? true
        else { throw .badAddress }
        parts.scheme = scheme
        parts.fragment = nil
        // One spelling of the host from here on: the host that is checked is the host that is asked.
        parts.host = host.contains(":") ? "[\(host)]" : host
        self.host = host
        components = parts
    }

    /// The last part of the path.
    var filename: String { components.path.split(separator: "/").last.map(String.init) ?? "" }

    var url: URL? { components.url }

    /// The canonical spelling of a host name or IP address; nil if the text is neither, such as one with `%` or a space.
    static func hostName(_ text: String) -> String? {
        var name = text.lowercased()
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        if let address = IPAddress(name) { return "\(address)" }
        if name.hasSuffix(".") { name.removeLast() }
        let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
        return isPlain && !name.isEmpty && name.utf8.count <= 253 ? name : nil
    }
}
