/// All addresses with a common prefix: `10.0.0.0/8`, `fe80::/10`, or a single address, `192.0.2.1`.
package struct AddressBlock: Hashable, Sendable {
    package let version: IPAddress.Version
    package let first: UInt128
    /// The number of common bits.
    package let prefix: Int

    /// Reads a block; bits after the prefix are ignored.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }), parts.count <= 2 else { return nil }
        let width = address.version.width
        guard let prefix = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(prefix) else { return nil }
        version = address.version
        self.prefix = prefix
        first = address.number & ~Self.rest(of: width, after: prefix)
    }

    package var last: UInt128 { first | Self.rest(of: version.width, after: prefix) }

    package func contains(_ address: IPAddress) -> Bool {
        address.version == version && (first...last).contains(address.number)
    }

    /// The mask of the bits after a prefix.
    private static func rest(of width: Int, after prefix: Int) -> UInt128 {
        // A prefix of the full width is a case of its own: the shift would be out of range.
        prefix == width ? 0 : UInt128.max >> (128 - width + prefix)
    }
}
