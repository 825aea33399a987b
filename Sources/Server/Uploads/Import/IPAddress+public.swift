import HTTPSupport

extension IPAddress {
    /// Whether the address is in the public Internet: not on this machine, in a local or provider's network, or unassigned.
    var isPublic: Bool {
        switch version {
        case .v4: !Self.specialV4.contains { $0.contains(self) }
        case .v6:
            if let inner = embeddedV4 {
                inner.isPublic
            } else {
                Self.global.contains { $0.contains(self) } && !Self.specialV6.contains { $0.contains(self) }
            }
        }
    }

    /// The IPv4 address that this IPv6 address contains: another spelling of it, or the target of a translator.
    private var embeddedV4: IPAddress? {
        Self.mapped.contains { $0.contains(self) } ? IPAddress(.v4, number & 0xffff_ffff) : nil
    }

    /// Mapped addresses (RFC 4291), and those of NAT64 translators (RFC 6052).
    private static let mapped = blocks("::ffff:0:0/96", "64:ff9b::/96")

    /// IANA's registry of IPv4 addresses for special purposes, multicast (224…) and reserved addresses (240…, with broadcast).
    private static let specialV4 = blocks(
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4"
    )

    /// The addresses assigned for the public Internet; unique-local, link-local, multicast and loopback addresses are outside.
    private static let global = blocks("2000::/3")

    /// Exceptions within these, by IANA's registry: protocols (such as Teredo), documentation and 6to4.
    private static let specialV6 = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

    private static func blocks(_ texts: String...) -> [AddressBlock] { texts.compactMap(AddressBlock.init) }
}
