import Foundation

/// The host names that the servers answer to.
///
/// A page of a stranger's site can let its own name point at this machine (“DNS rebinding”) and would then be of the same origin as Earshot.
/// The name in its requests gives it away. An IP address as the host is accepted: it cannot be made to point elsewhere.
package struct HostNames: Sendable, Hashable {
    /// The names of this machine; the last two are the ones by which containers of Docker and Podman know the machine that they run on.
    package static let ofThisMachine: HostNames = {
        let name = ProcessInfo.processInfo.hostName.lowercased()
        let short = name.split(separator: ".").first.map(String.init) ?? name
        var names = HostNames()
        names.names = ["localhost", name, short, short + ".local", "host.docker.internal", "host.containers.internal"]
        names.domains = [".localhost"]
        return names
    }()

    private var names: Set<String> = []
    /// Endings such as `.example.com`, for the names below a domain.
    private var domains: Set<String> = []
    private var isAny = false

    package init() {}

    /// Reads a list such as `earshot.example.com, *.home.arpa`, or `*` for any name; nil if an entry is no host name.
    package init?(_ text: String) {
        for entry in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            if entry == "*" {
                isAny = true
                continue
            }
            let isDomain = entry.hasPrefix("*.")
            guard let authority = Authority(String(isDomain ? entry.dropFirst(2) : entry)), authority.port == nil else { return nil }
            if isDomain { domains.insert("." + authority.host) } else { names.insert(authority.host) }
        }
    }

    /// These names and others.
    package func union(_ others: HostNames) -> HostNames {
        var union = self
        union.names.formUnion(others.names)
        union.domains.formUnion(others.domains)
        union.isAny = isAny || others.isAny
        return union
    }

    /// Whether a host is named here, or is an IP address.
    package func includes(_ authority: Authority) -> Bool {
        let host = authority.host
        return isAny || names.contains(host) || IPAddress(host) != nil || domains.contains { host.hasSuffix($0) }
    }
}
