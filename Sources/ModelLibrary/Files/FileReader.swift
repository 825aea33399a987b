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

extension FileDescriptor {
    /// The length of the file in bytes; its own position is the end afterwards.
    package func length() throws(Errno) -> Int64 {
        do { return try seek(offset: 0, from: .end) } catch { throw error as? Errno ?? .ioError }
    }

    /// A stretch of the file; shorter than asked for only where the file ends.
    ///
    /// The caller bounds `count`: so much memory is taken at once.
    package func bytes(at offset: Int64, count: Int) throws(Errno) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let all = UnsafeMutableRawBufferPointer(buffer)
                while filled < count {
                    let read = try read(
                        fromAbsoluteOffset: offset + Int64(filled),
                        into: UnsafeMutableRawBufferPointer(rebasing: all[filled..<count])
                    )
                    if read == 0 { return }
                    filled += read
                }
            }
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    /// Opens a regular file for reading; what is no regular file, a pipe say, is refused instead of waited for.
    package static func openFile(_ path: FilePath) throws(Errno) -> FileDescriptor {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
            // Neither pipes nor folders can be read at a place of one's choice.
            do {
                _ = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try file.read(fromAbsoluteOffset: 0, into: $0) }
            } catch {
                try? file.close()
                throw error
            }
            return file
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}

extension FixedWidthInteger {
    /// The number in four bytes, the lowest first, as model files have it.
    var fourBytes: [UInt8] {
        let bits = UInt32(truncatingIfNeeded: self)
        return [UInt8(bits & 0xff), UInt8(bits >> 8 & 0xff), UInt8(bits >> 16 & 0xff), UInt8(bits >> 24)]
    }
}
