import CZlib
import Foundation

/// A ZIP file whose entries are stored without compression.
///
/// After PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16. Entries and the whole stay below 4 GiB; the time of each is the first that the
/// format has, so that the same content makes the same bytes.
struct ZipArchive {
    private var body = Data()
    private var directory = Data()
    private var count = 0

    /// Adds a file; its name is ASCII, with slashes between folders.
    mutating func add(_ name: String, _ content: Data) {
        let offset = body.count
        var facts = Data()
        facts.append(little: UInt16(20), UInt16(0x0800), UInt16(0), UInt16(0), UInt16(0x0021))
        facts.append(little: Self.checksum(content), UInt32(content.count), UInt32(content.count))
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

    /// The CRC-32 of an entry.
    static func checksum(_ content: Data) -> UInt32 {
        UInt32(truncatingIfNeeded: content.withUnsafeBytes { crc32(0, $0.bindMemory(to: UInt8.self).baseAddress, uInt($0.count)) })
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

extension Data {
    fileprivate mutating func append<Number: FixedWidthInteger>(little numbers: Number...) {
        for number in numbers { Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) } }
    }
}
