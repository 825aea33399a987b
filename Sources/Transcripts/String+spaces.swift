import Foundation

extension String {
    /// Without white space around it.
    var trimmed: String {
        // Most texts of a large transcript; Foundation takes microseconds for each.
        guard let first = utf8.first, let last = utf8.last, first.isVisibleASCII, last.isVisibleASCII else {
            return trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return self
    }

    /// With one space wherever it has white space, and none around it.
    var singleSpaced: String {
        var previous = UInt8(ascii: " ")
        let isSpacedAlready = utf8.allSatisfy { byte in
            defer { previous = byte }
            return byte.isVisibleASCII || byte == UInt8(ascii: " ") && previous != UInt8(ascii: " ")
        }
        if isSpacedAlready, previous != UInt8(ascii: " ") { return self }
        return split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension UInt8 {
    fileprivate var isVisibleASCII: Bool { self > 0x20 && self < 0x7F }
}
