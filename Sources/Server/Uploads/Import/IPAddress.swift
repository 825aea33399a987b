#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IP address as a number.
struct IPAddress: Hashable, Sendable {
    enum Version: Sendable {
        case v4, v6

        /// The number of bits in an address.
        var width: Int { self == .v4 ? 32 : 128 }
    }

    let version: Version
    /// The first bit of the address is the highest bit of the version's width.
    let number: UInt128

    init(_ version: Version, _ number: UInt128) {
        self.version = version
        self.number = number
    }

    /// Reads the strict forms, `192.0.2.1` and `2001:db8::1`, not those with fewer dots, octal numbers or brackets.
    init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4)
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            self.init(v6)
        } else {
            return nil
        }
    }

    /// The IP address in a socket address; nil if that is of another family.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET: self.init(address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr })
        case AF_INET6: self.init(address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { $0.pointee.sin6_addr })
        default: return nil
        }
    }

    private init(_ address: in_addr) {
        self.init(.v4, UInt128(UInt32(bigEndian: address.s_addr)))
    }

    private init(_ address: in6_addr) {
        self.init(.v6, withUnsafeBytes(of: address) { bytes in bytes.reduce(0) { $0 << 8 | UInt128($1) } })
    }
}

extension IPAddress: CustomStringConvertible {
    var description: String {
        let bytes = (0..<version.width / 8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        let groups = stride(from: 0, to: bytes.count, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
        return version == .v4 ? bytes.map { "\($0)" }.joined(separator: ".") : groups.joined(separator: ":")
    }
}

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
