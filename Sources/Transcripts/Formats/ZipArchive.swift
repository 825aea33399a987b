import Foundation

/// A ZIP file whose entries are stored without compression.
///
/// After PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16. Entries and the whole stay below 4 GiB; the time of each is the first that the
/// format knows, so that the same content makes the same bytes.
struct ZipArchive {
    private var body = Data()
    private var directory = Data()
    private var count = 0

    /// Puts in a file; its name is ASCII, with slashes between folders.
    mutating func add(_ name: String, _ content: Data) {
        let offset = body.count
        var facts = Data()
        facts.append(little: UInt16(20), UInt16(0x0800), UInt16(0), UInt16(0), UInt16(0x0021))
        facts.append(little: CRC32.checksum(content), UInt32(content.count), UInt32(content.count))
        facts.append(little: UInt16(name.utf8.count), UInt16(0))
        body.append(little: UInt32(0x0403_4B50))
        body.append(facts)
        body.append(contentsOf: name.utf8)
        body.append(content)
        directory.append(little: UInt32(0x0201_4B50))
        directory.append(little: UInt16(20))
        directory.append(facts)
        directory.append(little: UInt16(0), UInt16(0), UInt16(0))
        directory.append(little: UInt32(0), UInt32(offset))
        directory.append(contentsOf: name.utf8)
        count += 1
    }

    /// The file's bytes.
    var data: Data {
        var data = body + directory
        data.append(little: UInt32(0x0605_4B50))
        data.append(little: UInt16(0), UInt16(0), UInt16(count), UInt16(count))
        data.append(little: UInt32(directory.count), UInt32(body.count))
        data.append(little: UInt16(0))
        return data
    }
}

/// The checksum of ZIP, PNG and Ethernet: the reversed polynomial 0xEDB88320.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    static func checksum(_ data: Data) -> UInt32 {
        ~data.reduce(UInt32.max) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
}

extension Data {
    fileprivate mutating func append<Number: FixedWidthInteger>(little numbers: Number...) {
        for number in numbers { Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) } }
    }
}
