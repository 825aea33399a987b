/// The origin of a web page: scheme, host and port.
package struct WebOrigin: Sendable, Hashable {
    private static let usualPorts = ["http": 80, "https": 443]

    /// In lower case.
    package let scheme: String
    private let host: String
    private let port: Int?

    package init(scheme: String, authority: Authority) {
        self.scheme = scheme.lowercased()
        host = authority.host
        port = authority.port ?? Self.usualPorts[self.scheme]
    }

    /// Reads the header Origin, such as `https://app.example:8443`; nil for `null` and everything that is no origin.
    package init?(_ text: String) {
        guard let mark = text.firstRange(of: "://"), let authority = Authority(String(text[mark.upperBound...])) else { return nil }
        let scheme = text[..<mark.lowerBound]
        guard let first = scheme.utf8.first, Self.isLetter(first), scheme.utf8.allSatisfy(Self.isPartOfScheme) else { return nil }
        self.init(scheme: String(scheme), authority: authority)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }

    private static func isPartOfScheme(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.".utf8.contains(byte)
    }
}
