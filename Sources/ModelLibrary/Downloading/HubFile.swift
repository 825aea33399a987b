import Foundation
import NIOHTTP1

/// What the hub says of one version of a file; kept beside a part, so that two versions are never glued together.
struct HubFile: Codable, Sendable, Hashable {
    /// The tag that the hub itself gives a large file, before it sends us on to where it lies: its SHA-256 in quotation marks.
    var linkedTag: String?
    /// The tag that the server with the bytes gives them.
    var tag: String?
    /// When the bytes were last changed, word for word.
    var lastModified: String?
    /// The length of the whole file in bytes.
    var size: Int64?

    /// The SHA-256 in lower-case hexadecimal digits, if the hub told it.
    var sha256: String? {
        guard let digits = linkedTag?.lowercased().filter({ $0 != "\"" }).replacing("w/", with: ""), digits.count == 64 else { return nil }
        return digits.allSatisfy(\.isHexDigit) ? digits : nil
    }

    /// What a server may be asked to compare before it sends a part only: a strong tag, or else the date.
    var validator: String? {
        guard let tag, !tag.hasPrefix("W/") else { return lastModified }
        return tag
    }

    /// Whether both surely describe the same bytes; what neither says proves nothing.
    func isSame(as other: HubFile) -> Bool {
        if let size, let otherSize = other.size, size != otherSize { return false }
        if let linkedTag, let otherTag = other.linkedTag { return linkedTag == otherTag }
        if let tag, let otherTag = other.tag { return tag == otherTag }
        return lastModified != nil && lastModified == other.lastModified
    }
}

/// A part of a body, as a header names it: "bytes 100-199/200".
struct ContentRange: Hashable {
    let start: Int64
    /// The length of the whole; nil if it is not said.
    let total: Int64?

    /// Nil if the header is missing or garbled.
    init?(_ headers: HTTPHeaders) {
        guard let match = headers.first(name: "content-range")?.wholeMatch(of: /bytes (\d+)-\d+\/(\d+|\*)/.ignoresCase()),
            let start = Int64(match.output.1)
        else { return nil }
        self.start = start
        total = Int64(match.output.2)
    }
}
