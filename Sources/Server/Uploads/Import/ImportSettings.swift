import HTTPSupport

/// The operator's limits for imports.
package struct ImportSettings: Sendable {
    package var timeLimit: Duration
    /// The places outside the public Internet that are allowed.
    package var privatePlaces: PrivatePlaces

    package init(timeLimit: Duration, privatePlaces: PrivatePlaces = PrivatePlaces()) {
        self.timeLimit = timeLimit
        self.privatePlaces = privatePlaces
    }
}

/// Hosts and networks outside the public Internet that imports may access.
package struct PrivatePlaces: Sendable, Hashable {
    private var hosts: Set<String> = []
    private var blocks: Set<AddressBlock> = []

    package init() {}

    /// Reads a list such as `nas.local, 10.1.0.0/16, fd00::/8, 192.168.1.5`, or `false`; nil if an entry is neither host nor network.
    package init?(_ text: String) {
        if text.lowercased() == "false" { return }
        for entry in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            if let block = AddressBlock(String(entry)) {
                blocks.insert(block)
            } else if let host = ImportAddress.hostName(String(entry)), host.contains(where: \.isLetter), host != "true" {
                hosts.insert(host)
            } else {
                return nil
            }
        }
    }

    /// Whether a host with this address may be accessed.
    func include(_ address: IPAddress, of host: String) -> Bool {
        hosts.contains(host) || blocks.contains { $0.contains(address) }
    }
}
