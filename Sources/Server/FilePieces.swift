import Basics
import HTTPSupport
import Hummingbird
import NIOCore
import SystemPackage

/// An open file whose bytes are sent in pieces. Each is read when the connection has room for it, so a client that does not read costs the
/// memory of one piece.
final class FilePieces: Sendable {
    private static let pieceSize = 64 << 10

    private let file: SystemPackage.FileDescriptor
    private let pace: PacedWriter

    /// Opens a file for a client's connection.
    ///
    /// - Throws: `HTTPError` 404 if there is no such file; `Errno` if it cannot be opened.
    init(of path: FilePath, for channel: any Channel) async throws {
        pace = PacedWriter(channel)
        do {
            file = try await blocking { try SystemPackage.FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
        } catch Errno.noSuchFileOrDirectory {
            throw HTTPError(.notFound)
        }
    }

    deinit {
        try? file.close()
    }

    /// The bytes in a range. If the file ends before, the answer breaks off.
    func body(of range: Range<Int64>) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            var place = range.lowerBound
            while place < range.upperBound {
                let start = place
                let count = Int(min(range.upperBound - start, Int64(Self.pieceSize)))
                let piece = try await blocking { try self.read(at: start, count: count) }
                guard piece.readableBytes > 0 else { throw Errno.ioError }
                try await self.pace.write(piece, to: &writer)
                place += Int64(piece.readableBytes)
            }
            try await writer.finish(nil)
        }
    }

    private func read(at place: Int64, count: Int) throws -> ByteBuffer {
        var piece = ByteBufferAllocator().buffer(capacity: count)
        _ = try piece.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            try file.read(fromAbsoluteOffset: place, into: UnsafeMutableRawBufferPointer(rebasing: space.prefix(count)))
        }
        return piece
    }
}
