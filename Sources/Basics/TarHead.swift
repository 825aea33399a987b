/// The 512 bytes that precede each file in a tar archive (POSIX.1-1988, ustar).
///
/// Lengths of 8 GiB and more, for which the format has no digits, are written as GNU tar and BSD tar write and read them.
package struct TarHead: Sendable, Hashable {
    /// The length of a head; files are padded to a multiple of it.
    package static let blockBytes: Int64 = 512
    /// The largest file whose length has digits.
    package static let largestFile: Int64 = 1 << 33 - 1

    /// The name of the file, at most 100 bytes.
    package let name: String
    package let byteCount: Int64

    /// The zero bytes that follow a file.
    package var padding: Int64 { (Self.blockBytes - byteCount % Self.blockBytes) % Self.blockBytes }

    /// The head of a regular, readable file. Its time is zero, so that the same models give the same bundle.
    package var bytes: [UInt8] {
        var head = [UInt8](repeating: 0, count: Int(Self.blockBytes))
        func put(_ text: String, at place: Int) {
            head.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        put(String(name.prefix(100)), at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        if byteCount <= Self.largestFile {
            put(Self.octal(byteCount, digits: 11), at: 124)
        } else {
            // A binary number, the highest byte first, whose first bit says that it is one.
            head[124] = 0x80
            for place in 0..<8 { head[135 - place] = UInt8(truncatingIfNeeded: byteCount >> Int64(8 * place)) }
        }
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        // The sum of all bytes, computed with blanks in its own place.
        put(Self.octal(head.reduce(0) { $0 + Int64($1) }, digits: 6), at: 148)
        head[154] = 0
        return head
    }

    package init(name: String, byteCount: Int64) {
        self.name = name
        self.byteCount = byteCount
    }

    /// Reads a head; nil if it is damaged, or does not describe a regular file with a short name.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Int(Self.blockBytes), bytes[257..<262].elementsEqual("ustar".utf8), bytes[156] == 0x30 || bytes[156] == 0
        else {
            return nil
        }
        let sum = bytes.enumerated().reduce(Int64(0)) { $0 + Int64((148..<156).contains($1.offset) ? 0x20 : $1.element) }
        guard
            Self.number(bytes[148..<156]) == sum, bytes[345] == 0, let size = Self.length(bytes[124..<136]),
            let name = String(validating: bytes[0..<100].prefix { $0 != 0 }, as: UTF8.self)
        else { return nil }
        self.init(name: name, byteCount: size)
    }

    private static func octal(_ number: Int64, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Octal digits or a binary number.
    private static func length(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard bytes.first == 0x80 else { return number(bytes) }
        let number = bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return bytes.dropFirst().dropLast(8).allSatisfy { $0 == 0 } ? Int64(exactly: number) : nil
    }

    /// Octal digits between blanks and zero bytes.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let digits = bytes.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int64($1 - 0x30) }
    }
}
