/// A host with its port, as in the header Host.
package struct Authority: Sendable, Hashable {
    /// In lower case, without a dot at its end; an IPv6 address without its brackets.
    package let host: String
    /// The port; nil if it is not stated.
    package let port: Int?

    /// Reads `name`, `name:port`, `192.0.2.1:port` or `[2001:db8::1]:port`; nil for anything else.
    package init?(_ text: String) {
        let text = text.lowercased()
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = String(text[text.index(after: text.startIndex)..<end])
            guard let address = IPAddress(host), address.version == .v6 else { return nil }
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { return nil }
            let name = parts[0].hasSuffix(".") ? parts[0].dropLast() : parts[0]
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isPartOfName) else { return nil }
            host = String(name)
            port = parts.count == 2 ? parts[1] : nil
        }
        // “name:” means the usual port.
        if port?.isEmpty == true { port = nil }
        guard let port else {
            self.port = nil
            return
        }
        guard port.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = UInt16(port) else { return nil }
        self.port = Int(number)
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
