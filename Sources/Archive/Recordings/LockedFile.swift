import Basics
import NIOCore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open file that holds an advisory lock for as long as it is open, also across a rename; the kernel releases it if the process dies.
///
/// Its functions block their thread.
final class LockedFile: Sendable {
    let path: FilePath
    private let descriptor: SystemPackage.FileDescriptor

    /// Makes a new file.
    init(creating path: FilePath) throws {
        self.path = path
        descriptor = try SystemPackage.FileDescriptor.open(
            path,
            .readWrite,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead]
        )
        try lock()
    }

    /// Opens an existing file; throws `Errno.wouldBlock` while another descriptor holds its lock.
    init(existing path: FilePath) throws {
        self.path = path
        descriptor = try SystemPackage.FileDescriptor.open(path, .readWrite, options: [.closeOnExec])
        try lock()
    }

    deinit { try? descriptor.close() }

    private func lock() throws {
        guard try descriptor.tryLock() else { throw Errno.wouldBlock }
    }

    /// The length in bytes.
    var size: Int64 {
        get throws { try descriptor.seek(offset: 0, from: .end) }
    }

    func write(_ piece: ByteBuffer, at offset: Int64) throws {
        _ = try piece.withUnsafeReadableBytes { try descriptor.writeAll(toAbsoluteOffset: offset, $0) }
    }

    /// At most `count` bytes from a place on; none at the end.
    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try descriptor.read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Makes sure that the written bytes survive a power cut.
    func synchronize() throws {
        guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
}
