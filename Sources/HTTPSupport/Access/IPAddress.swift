#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IP address as a number.
package struct IPAddress: Hashable, Sendable {
    /// The two kinds of addresses.
    package enum Version: Sendable {
        case v4, v6

        /// The number of bits in an address.
        package var width: Int { self == .v4 ? 32 : 128 }
    }

    package let version: Version
    /// The first bit of the address is the highest bit of the version's width.
    package let number: UInt128

    package init(_ version: Version, _ number: UInt128) {
        self.version = version
        self.number = number
    }

    /// Reads the strict forms, `192.0.2.1` and `2001:db8::1`, not those with fewer dots, octal numbers or brackets.
    package init?(_ text: String) {
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
    package init?(_ address: UnsafePointer<sockaddr>) {
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
    package var description: String {
        let bytes = (0..<version.width / 8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        let groups = stride(from: 0, to: bytes.count, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
        return version == .v4 ? bytes.map { "\($0)" }.joined(separator: ".") : groups.joined(separator: ":")
    }
}

extension IPAddress {
    /// The IPv4 address that an address of the form `::ffff:192.0.2.1` stands for; every other address itself.
    package var unmapped: IPAddress {
        version == .v6 && number >> 32 == 0xffff ? IPAddress(.v4, number & 0xffff_ffff) : self
    }
}
