import Foundation

/// The address of a file in the web, as far as it can be judged without asking anybody.
struct ImportAddress: Sendable, Hashable {
    /// The host's name, in lower case and without a dot at its end, or its address without brackets.
    let host: String
    private let components: URLComponents

    private static let longest = 8192

    /// Reads `https://host:port/path?query`, or a place that a redirect names relative to another one.
    ///
    /// - Throws: `ImportError.badAddress` for another scheme than http and https, a user name or password, or no plain host.
    init(_ text: String, relativeTo base: ImportAddress? = nil) throws(ImportError) {
        guard text.utf8.count <= Self.longest, let absolute = URL(string: text, relativeTo: base?.url)?.absoluteURL,
            var parts = URLComponents(url: absolute, resolvingAgainstBaseURL: true), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), parts.user == nil, parts.password == nil, let host = parts.host.flatMap(Self.hostName),
            parts.port.map({ (1...65_535).contains($0) }) ?? true
        else { throw .badAddress }
        parts.scheme = scheme
        parts.fragment = nil
        // From here on there is one way to write the host: what is checked is what is asked.
        parts.host = host.contains(":") ? "[\(host)]" : host
        self.host = host
        components = parts
    }

    /// The last part of the path: what the file is called there.
    var filename: String { components.path.split(separator: "/").last.map(String.init) ?? "" }

    /// The whole address.
    var url: URL? { components.url }

    /// A host's name or address in the one way that it is compared and asked for; nil for what is none, such as one with `%` or a blank.
    static func hostName(_ text: String) -> String? {
        var name = text.lowercased()
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        if let address = IPAddress(name) { return "\(address)" }
        if name.hasSuffix(".") { name.removeLast() }
        let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
        return isPlain && !name.isEmpty && name.utf8.count <= 253 ? name : nil
    }
}
