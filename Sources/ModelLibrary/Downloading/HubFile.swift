import Foundation
import NIOHTTP1

/// A version of a file as the hub describes it; stored beside a partial file, so that two versions are never mixed.
struct HubFile: Codable, Sendable, Hashable {
    /// The tag that the hub gives a large file before it redirects to it: its SHA-256 in quotation marks.
    var linkedTag: String?
    /// The tag of the server that sends the bytes.
    var tag: String?
    /// The time of the last change, word for word.
    var lastModified: String?
    /// The length of the file in bytes.
    var size: Int64?

    /// The SHA-256 in lower-case hexadecimal digits, if the hub reported it.
    var sha256: String? {
        guard let digits = linkedTag?.lowercased().filter({ $0 != "\"" }).replacing("w/", with: ""), digits.count == 64 else { return nil }
        return digits.allSatisfy(\.isHexDigit) ? digits : nil
    }

    /// The value that a server compares before it sends only a part: a strong tag, or else the date.
    var validator: String? {
        guard let tag, !tag.hasPrefix("W/") else { return lastModified }
        return tag
    }

    /// Whether both certainly describe the same bytes; missing values prove nothing.
    func isSame(as other: HubFile) -> Bool {
        if let size, let otherSize = other.size, size != otherSize { return false }
        if let linkedTag, let otherTag = other.linkedTag { return linkedTag == otherTag }
        if let tag, let otherTag = other.tag { return tag == otherTag }
        return lastModified != nil && lastModified == other.lastModified
    }
}

/// The part of a file in an answer: "bytes 100-199/200".
struct ContentRange: Hashable {
    let start: Int64
    /// The length of the whole file; nil if it is missing.
    let total: Int64?

    /// Nil if the header is missing or malformed.
    init?(_ headers: HTTPHeaders) {
        guard let match = headers.first(name: "content-range")?.wholeMatch(of: /bytes (\d+)-\d+\/(\d+|\*)/.ignoresCase()),
            let start = Int64(match.output.1)
        else { return nil }
        self.start = start
        total = Int64(match.output.2)
    }
}
