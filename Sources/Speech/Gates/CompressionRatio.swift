import Basics
import Foundation

/// How many times smaller a text becomes when it is compressed.
///
/// Whisper's authors take a text that zlib makes more than 2.4 times smaller for one that repeats itself. This is an estimate of zlib's
/// result, within a tenth of it on texts of a segment's length: repeats are found greedily as in RFC 1951 (LZ77, at least 3 and at most 258
/// bytes long, at most 32,768 bytes back), and what they and the bytes between them cost is the lower of that RFC's fixed code and of
/// the entropy of its symbols with 50 bytes for a table; 6 bytes go around it all (RFC 1950).
enum CompressionRatio {
    /// From this ratio on a text repeats itself, as in OpenAI's `whisper`.
    static let threshold = 2.4

    /// The ratio of a text; 0 for an empty one.
    static func of(_ text: String) -> Double {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return 0 }
        var code = Code()
        var places: [UInt32: [Int]] = [:]
        var position = 0
        while position < bytes.count {
            let (length, distance) = match(at: position, in: bytes, places: places)
            if length >= 3 { code.addMatch(length: length, distance: distance) } else { code.add(bytes[position]) }
            for place in position..<position + max(1, length) where place + 2 < bytes.count {
                places[key(place, bytes), default: []].append(place)
            }
            position += max(1, length)
        }
        return Double(bytes.count) / (6 + (code.bits / 8).rounded(.up))
    }

    private static func key(_ place: Int, _ bytes: [UInt8]) -> UInt32 {
        UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2])
    }

    /// The longest repeat of what was before; of equal ones the nearest. Length 0 if there is none.
    private static func match(at position: Int, in bytes: [UInt8], places: [UInt32: [Int]]) -> (length: Int, distance: Int) {
        guard position + 2 < bytes.count, let earlier = places[key(position, bytes)] else { return (0, 0) }
        var best = (length: 0, distance: 0)
        for place in earlier.reversed().prefix(128) where position - place <= 32_768 {
            var length = 3
            while length < 258, position + length < bytes.count, bytes[place + length] == bytes[position + length] { length += 1 }
            if length > best.length { best = (length, position - place) }
        }
        return best
    }

    /// What the symbols of a text cost.
    private struct Code {
        private var symbols: [Int: Int] = [:]
        private var distances: [Int: Int] = [:]
        private var extra = 0.0
        private var fixed = 10.0

        var bits: Double {
            func entropy(_ counts: [Int: Int]) -> Double {
                let total = Double(counts.values.reduce(0, +))
                return counts.values.reduce(0) { $0 - Double($1) * log2(Double($1) / total) }
            }
            return min(fixed, entropy(symbols) + entropy(distances) + 400) + extra
        }

        mutating func add(_ byte: UInt8) {
            symbols[Int(byte), default: 0] += 1
            fixed += byte < 144 ? 8 : 9
        }

        mutating func addMatch(length: Int, distance: Int) {
            // A code stands for lengths and distances of about the same size; the rest is written in plain bits.
            let lengthBits = length < 11 ? 0 : Int(clamping: log2(Double(length - 3))) - 2
            let distanceBits = distance < 5 ? 0 : Int(clamping: log2(Double(distance - 1))) - 1
            symbols[256 + (length >> lengthBits) + lengthBits << 4, default: 0] += 1
            distances[(distance >> distanceBits) + distanceBits << 4, default: 0] += 1
            extra += Double(lengthBits + distanceBits)
            fixed += (length < 115 ? 7 : 8) + 5
        }
    }
}
