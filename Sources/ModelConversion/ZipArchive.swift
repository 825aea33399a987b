import ModelLibrary
import SystemPackage

/// The table of contents of a zip file without compression, as checkpoints are.
///
/// Compressed entries are rejected, so that nothing can expand; every entry is inside the file (APPNOTE.TXT 6.3.10, 4.3 and 4.5.3).
struct ZipArchive: Sendable {
    /// A stored file.
    struct Entry: Sendable, Hashable {
        let name: String
        /// The offset of the bytes in the file.
        let offset: Int64
        let byteCount: Int64
    }

    let entries: [String: Entry]

    /// Whether a file begins like a zip file.
    static func isOne(_ file: FileDescriptor) -> Bool {
        (try? file.bytes(at: 0, count: 4)) == [0x50, 0x4b, 3, 4]
    }

    /// Reads the table; throws `ConversionError` or the system's `Errno`.
    init(_ file: FileDescriptor) throws {
        let length = try file.length()
        let directory = try Self.directory(of: file, length: length)
        // A model has some hundred tensors; this is enough for a hundred times as many.
        guard directory.byteCount <= 16 << 20, directory.offset <= length, directory.byteCount <= length - directory.offset else {
            throw ConversionError.damaged("its table of contents has an impossible size")
        }
        let bytes = LittleEndianBytes(try file.bytes(at: directory.offset, count: Int(directory.byteCount)))
        var entries: [String: Entry] = [:]
        var position = 0
        while position < bytes.count, try bytes.number(at: position, 4) == 0x0201_4b50 {
            let (entry, next) = try Self.entry(bytes, at: position)
            let found = try Self.locate(entry, in: file, length: length)
            guard entries.updateValue(found, forKey: found.name) == nil else {
                throw ConversionError.damaged("“\(found.name)” occurs twice")
            }
            position = next
        }
        guard entries.count == directory.entries else { throw ConversionError.damaged("its table of contents is incomplete") }
        self.entries = entries
    }

    private struct Directory {
        var offset: Int64
        var byteCount: Int64
        var entries: Int
    }

    /// Finds the table by the record at the end of the file.
    private static func directory(of file: FileDescriptor, length: Int64) throws -> Directory {
        let tail = Int(min(length, 22 + 65_535))
        let end = LittleEndianBytes(try file.bytes(at: length - Int64(tail), count: tail))
        guard let place = stride(from: tail - 22, through: 0, by: -1).first(where: { (try? end.number(at: $0, 4)) == 0x0605_4b50 }) else {
            throw ConversionError.damaged("it is incomplete")
        }
        var directory = Directory(
            offset: try Int64(end.number(at: place + 16, 4)),
            byteCount: try Int64(end.number(at: place + 12, 4)),
            entries: try end.number(at: place + 10, 2)
        )
        // Files over 4 GiB have their sizes in a second record; a locator before the first record points to it.
        if directory.offset == 0xffff_ffff || directory.byteCount == 0xffff_ffff || directory.entries == 0xffff, place >= 20,
            try end.number(at: place - 20, 4) == 0x0706_4b50
        {
            let place = try Int64(end.number(at: place - 12, 8))
            let record = LittleEndianBytes(try file.bytes(at: min(place, length), count: 56))
            guard try record.number(at: 0, 4) == 0x0606_4b50 else { throw ConversionError.damaged("its table of contents is missing") }
            directory.entries = try record.number(at: 32, 8)
            directory.byteCount = try Int64(record.number(at: 40, 8))
            directory.offset = try Int64(record.number(at: 48, 8))
        }
        return directory
    }

    /// An entry of the table with the offset of its head, and the offset of the next entry.
    private static func entry(_ bytes: LittleEndianBytes, at start: Int) throws -> (Entry, next: Int) {
        let nameLength = try bytes.number(at: start + 28, 2)
        let extraLength = try bytes.number(at: start + 30, 2)
        let name = try bytes.text(at: start + 46, nameLength)
        guard try bytes.number(at: start + 10, 2) == 0 else {
            throw ConversionError.unsupported("“\(name)” is compressed")
        }
        var size = try bytes.number(at: start + 24, 4)
        var stored = try bytes.number(at: start + 20, 4)
        var offset = try bytes.number(at: start + 42, 4)
        // Numbers that do not fit follow in this order, in an extra field of kind 1.
        var field = start + 46 + nameLength
        let extraEnd = field + extraLength
        while field + 4 <= extraEnd {
            if try bytes.number(at: field, 2) == 1 {
                var place = field + 4
                if size == 0xffff_ffff { (size, place) = (try bytes.number(at: place, 8), place + 8) }
                if stored == 0xffff_ffff { (stored, place) = (try bytes.number(at: place, 8), place + 8) }
                if offset == 0xffff_ffff { offset = try bytes.number(at: place, 8) }
            }
            field += 4 + (try bytes.number(at: field + 2, 2))
        }
        guard size == stored else { throw ConversionError.damaged("“\(name)” has two sizes") }
        return (Entry(name: name, offset: Int64(offset), byteCount: Int64(size)), extraEnd + (try bytes.number(at: start + 32, 2)))
    }

    /// The entry with the offset of its bytes, which follow its head.
    private static func locate(_ entry: Entry, in file: FileDescriptor, length: Int64) throws -> Entry {
        guard entry.offset < length else { throw ConversionError.damaged("“\(entry.name)” is outside the file") }
        let head = LittleEndianBytes(try file.bytes(at: entry.offset, count: 30))
        guard try head.number(at: 0, 4) == 0x0403_4b50 else { throw ConversionError.damaged("“\(entry.name)” is not at its offset") }
        let offset = try entry.offset + 30 + Int64(head.number(at: 26, 2)) + Int64(head.number(at: 28, 2))
        guard offset <= length, entry.byteCount <= length - offset else {
            throw ConversionError.damaged("“\(entry.name)” exceeds the end of the file")
        }
        return Entry(name: entry.name, offset: offset, byteCount: entry.byteCount)
    }
}
