import NIOCore

/// Which requests the servers answer: by the host name that the client asked, and by the web page that made a browser ask.
package struct AccessRules: Sendable, Hashable {
    /// The host names that the server answers to.
    package var hosts: HostNames
    /// The origins of other sites whose pages may use the API.
    package var origins: Set<WebOrigin>
    /// The proxies whose reports about their clients are believed.
    package var proxies: Set<AddressBlock>

    /// Creates rules; by default, a server answers to the names of this machine and to no other site's pages.
    package init(hosts: HostNames = .ofThisMachine, origins: Set<WebOrigin> = [], proxies: Set<AddressBlock> = []) {
        self.hosts = hosts
        self.origins = origins
        self.proxies = proxies
    }

    /// The rules of a server that listens on an address: it answers to that name, too.
    package func listening(on host: String) -> AccessRules {
        var rules = self
        rules.hosts = HostNames(host).map(hosts.union) ?? hosts
        return rules
    }

    /// Whether a connection comes from a proxy whose reports are believed.
    func trustsProxy(at address: SocketAddress?) -> Bool {
        guard !proxies.isEmpty, let address = address?.ipAddress.flatMap({ IPAddress($0) })?.unmapped else { return false }
        return proxies.contains { $0.contains(address) }
    }
}

/// The values of the settings for other sites and for proxies.
extension AccessRules {
    /// Reads `https://app.example, http://localhost:3000`; nil if an entry is no origin.
    package static func origins(_ text: String) -> Set<WebOrigin>? {
        let entries = entries(of: text)
        let origins = entries.compactMap { WebOrigin(String($0.hasSuffix("/") ? $0.dropLast() : $0)) }
        return origins.count == entries.count ? Set(origins) : nil
    }

    /// Reads `127.0.0.1, 172.16.0.0/12`; nil if an entry is no address and no network.
    package static func proxies(_ text: String) -> Set<AddressBlock>? {
        let entries = entries(of: text)
        let blocks = entries.compactMap { AddressBlock(String($0)) }
        return blocks.count == entries.count ? Set(blocks) : nil
    }

    private static func entries(of text: String) -> [Substring] { text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) }
}
