/// The 512 bytes that precede each file in a tar archive (POSIX.1-1988, ustar).
///
/// The format allows files of less than 8 GiB; the largest model has 6 GiB.
struct TarHead: Sendable, Hashable {
    /// The length of a head; files are padded to a multiple of it.
    static let blockBytes: Int64 = 512
    static let largestFile: Int64 = 1 << 33 - 1

    /// The name of the file, at most 100 bytes.
    let name: String
    let byteCount: Int64

    /// The zero bytes that follow a file.
    var padding: Int64 { (Self.blockBytes - byteCount % Self.blockBytes) % Self.blockBytes }

    /// The head of a regular, readable file. Its time is zero, so that the same models give the same bundle.
    var bytes: [UInt8] {
        var head = [UInt8](repeating: 0, count: Int(Self.blockBytes))
        func put(_ text: String, at place: Int) {
            head.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        put(String(name.prefix(100)), at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(Self.octal(byteCount, digits: 11), at: 124)
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

    init(name: String, byteCount: Int64) {
        self.name = name
        self.byteCount = byteCount
    }

    /// Reads a head; nil if it is damaged, or does not describe a regular file with a short name.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Int(Self.blockBytes), bytes[257..<262].elementsEqual("ustar".utf8), bytes[156] == 0x30 || bytes[156] == 0
        else {
            return nil
        }
        let sum = bytes.enumerated().reduce(Int64(0)) { $0 + Int64((148..<156).contains($1.offset) ? 0x20 : $1.element) }
        guard
            Self.number(bytes[148..<156]) == sum, bytes[345] == 0, let size = Self.number(bytes[124..<136]),
            let name = String(validating: bytes[0..<100].prefix { $0 != 0 }, as: UTF8.self)
        else { return nil }
        self.init(name: name, byteCount: size)
    }

    private static func octal(_ number: Int64, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Octal digits between blanks and zero bytes.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let digits = bytes.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int64($1 - 0x30) }
    }
}
