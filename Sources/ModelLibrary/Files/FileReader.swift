import SystemPackage

/// Reads a file from front to back in small pieces, never past its end.
///
/// A class because each read moves the position; it is not shared.
final class FileReader {
    let length: Int64
    /// The offset of the next byte.
    private(set) var position: Int64
    private let file: FileDescriptor
    private var piece: [UInt8] = []
    private var pieceStart: Int64 = 0

    /// Reads an open file from an offset on; the caller closes it.
    init(_ file: FileDescriptor, from position: Int64 = 0) throws(Errno) {
        self.file = file
        self.position = position
        length = try file.length()
    }

    var remaining: Int64 { max(0, length - position) }

    /// The next four bytes as a little-endian number; nil if the file ends before.
    func int32() throws(Errno) -> Int? {
        guard let start = try fill(4) else { return nil }
        position += 4
        return piece.withUnsafeBytes { Int(Int32(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: Int32.self))) }
    }

    /// The next bytes; nil, without moving the position, if the file ends before.
    func bytes(_ count: Int) throws(Errno) -> [UInt8]? {
        guard let start = try fill(count) else { return nil }
        position += Int64(count)
        return Array(piece[start..<start + count])
    }

    /// Buffers the next bytes and returns their offset in the buffer; nil if the file ends before.
    private func fill(_ count: Int) throws(Errno) -> Int? {
        guard count >= 0, count <= remaining else { return nil }
        if position < pieceStart || position + Int64(count) > pieceStart + Int64(piece.count) {
            piece = try file.bytes(at: position, count: Int(min(remaining, Int64(max(count, 64 << 10)))))
            pieceStart = position
        }
        let start = Int(position - pieceStart)
        return piece.count >= start + count ? start : nil
    }

    /// Skips bytes; false, without moving the position, if the file ends before.
    func skip(_ count: Int64) -> Bool {
        guard count >= 0, count <= remaining else { return false }
        position += count
        return true
    }
}
