import SystemPackage

/// Reads a file from front to back in small pieces, and never past its end.
///
/// A class because a position moves on with each reading; it stays inside one function.
final class FileReader {
    /// The length of the file in bytes.
    let length: Int64
    /// Where the next byte comes from.
    private(set) var position: Int64
    private let file: FileDescriptor
    private var piece: [UInt8] = []
    private var pieceStart: Int64 = 0

    /// Reads an open file from a place on; whoever opened it closes it.
    init(_ file: FileDescriptor, from position: Int64 = 0) throws(Errno) {
        self.file = file
        self.position = position
        length = try file.length()
    }

    /// The bytes that are left.
    var remaining: Int64 { max(0, length - position) }

    /// The next four bytes as a number, the lowest first; nil if the file ends before.
    func int32() throws(Errno) -> Int? {
        guard let start = try fill(4) else { return nil }
        position += 4
        return piece.withUnsafeBytes { Int(Int32(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: Int32.self))) }
    }

    /// The next bytes; nil, and nothing taken, if the file has no more so many.
    func bytes(_ count: Int) throws(Errno) -> [UInt8]? {
        guard let start = try fill(count) else { return nil }
        position += Int64(count)
        return Array(piece[start..<start + count])
    }

    /// Makes the piece hold the next bytes, and says where they begin in it; nil if the file has no more so many.
    private func fill(_ count: Int) throws(Errno) -> Int? {
        guard count >= 0, count <= remaining else { return nil }
        if position < pieceStart || position + Int64(count) > pieceStart + Int64(piece.count) {
            piece = try file.bytes(at: position, count: Int(min(remaining, Int64(max(count, 64 << 10)))))
            pieceStart = position
        }
        let start = Int(position - pieceStart)
        return piece.count >= start + count ? start : nil
    }

    /// Passes over bytes; false, and nothing passed, if the file has no more so many.
    func skip(_ count: Int64) -> Bool {
        guard count >= 0, count <= remaining else { return false }
        position += count
        return true
    }
}
