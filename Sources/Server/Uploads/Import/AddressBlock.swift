/// All addresses that begin alike: `10.0.0.0/8`, `fe80::/10`, or a single one, `192.0.2.1`.
struct AddressBlock: Hashable, Sendable {
    let version: IPAddress.Version
    /// The first address.
    let first: UInt128
    /// How many of the first bits are the same.
    let prefix: Int

    /// Reads a block; what stands after the prefix does not count.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }), parts.count <= 2 else { return nil }
        let width = address.version.width
        guard let prefix = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(prefix) else { return nil }
        version = address.version
        self.prefix = prefix
        first = address.number & ~Self.rest(of: width, after: prefix)
    }

    /// The last address.
    var last: UInt128 { first | Self.rest(of: version.width, after: prefix) }

    func contains(_ address: IPAddress) -> Bool {
        address.version == version && (first...last).contains(address.number)
    }

    /// A number in which the bits after a prefix are set.
    private static func rest(of width: Int, after prefix: Int) -> UInt128 {
        // All bits in two steps: a shift by the full width would leave none.
        prefix == width ? 0 : UInt128.max >> (128 - width + prefix)
    }
}
