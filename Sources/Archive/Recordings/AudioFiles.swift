import Crypto
import Foundation
import NIOCore
import NIOPosix
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder in which uploaded audio lies, one file each, under names that no client chooses.
package struct AudioFiles: Sendable {
    /// The folder itself.
    package let folder: FilePath
    /// Uploads stop before the disk has less than this left, in bytes.
    let reserve: Int64

    /// Opens the folder; if it is missing, makes it, closed to other users.
    package init(folder: FilePath, reserve: Int64 = 256 << 20) throws {
        self.folder = folder
        self.reserve = reserve
        try FileManager.default.createDirectory(
            atPath: folder.string,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o750]
        )
    }

    /// Where a stored file lies.
    package func path(of storedFilename: String) -> FilePath {
        folder.appending(storedFilename)
    }

    /// Writes an upload to disk piece by piece, hashing it on the way, and flushes it. The caller must `keep` or `discard` the result.
    ///
    /// - Parameters:
    ///   - limit: The most bytes to accept; nil for no limit but the disk.
    ///   - next: Gives the next piece, or nil at the end.
    /// - Throws: `ArchiveError.uploadTooLarge`, `.diskFull`, or what `next` throws; nothing is left on disk then.
    package func receive(limit: Int64?, next: () async throws -> ByteBuffer?) async throws -> ReceivedFile {
        let path = folder.appending(UUID().uuidString.lowercased() + Self.partialSuffix)
        let file = try await blocking { try LockedFile(creating: path) }
        do {
            var hash = SHA256()
            var size: Int64 = 0
            var spaceCheckedAt: Int64 = -1
            while let piece = try await next() {
                size += Int64(piece.readableBytes)
                if let limit, size > limit { throw ArchiveError.uploadTooLarge(limitBytes: limit) }
                if spaceCheckedAt < 0 || size - spaceCheckedAt > 64 << 20 {
                    try await checkFreeSpace()
                    spaceCheckedAt = size
                }
                piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
                try await blocking { try file.write(piece) }
            }
            try await blocking { try file.synchronize() }
            return ReceivedFile(path: path, size: size, sha256: hash.finalize().map { String(format: "%02x", $0) }.joined(), file: file)
        } catch {
            await discard(path)
            throw error
        }
    }

    /// Gives an upload its final name; its lock holds until the returned value is released, so `sweep` leaves it alone meanwhile.
    func keep(_ received: ReceivedFile, as storedFilename: String) throws {
        guard rename(received.path.string, path(of: storedFilename).string) == 0 else { throw Errno(rawValue: errno) }
        let directory = try SystemPackage.FileDescriptor.open(folder, .readOnly)
        defer { try? directory.close() }
        _ = fsync(directory.rawValue)
    }

    /// Removes an upload that was not kept.
    package func discard(_ received: ReceivedFile) async {
        await discard(received.path)
    }

    /// Removes a stored file; one that is already gone is fine.
    func remove(_ storedFilename: String) async {
        await discard(path(of: storedFilename))
    }

    /// Removes what a killed process left behind: files that no row names and no living process holds.
    ///
    /// - Parameter isKnown: Whether a row names the file; asked only while nobody else holds it.
    func sweep(isKnown: (String) async throws -> Bool) async throws -> [String] {
        let names = try await blocking { try FileManager.default.contentsOfDirectory(atPath: folder.string) }
        var removed: [String] = []
        for name in names where name.hasSuffix(Self.partialSuffix) || UUID(uuidString: String(name.prefix(36))) != nil {
            // The lock comes first: a process that let go of it has committed its row by then.
            guard let lock = try? await blocking({ try LockedFile(existing: path(of: name)) }) else { continue }
            if try await !isKnown(name) {
                await remove(name)
                removed.append(name)
            }
            withExtendedLifetime(lock) {}
        }
        return removed
    }

    private static let partialSuffix = ".part"

    private func discard(_ path: FilePath) async {
        // A file that can't be removed now is removed by the next sweep.
        _ = try? await blocking { unlink(path.string) }
    }

    private func checkFreeSpace() async throws {
        try await blocking { try checkFreeSpaceNow() }
    }

    /// Throws `ArchiveError.diskFull` when less than the reserve is left; blocks its thread.
    @Sendable
    func checkFreeSpaceNow() throws {
        var information = statvfs()
        guard statvfs(folder.string, &information) == 0 else { return }
        let free = Int64(information.f_bavail) * Int64(information.f_frsize)
        if free < reserve { throw ArchiveError.diskFull(freeBytes: free) }
    }
}

/// An upload that is whole and flushed, but belongs to no row yet.
package struct ReceivedFile: Sendable {
    /// Where it lies for now.
    package let path: FilePath
    /// Its length in bytes.
    package let size: Int64
    /// Its SHA-256 in lower-case hexadecimal digits.
    package let sha256: String
    fileprivate let file: LockedFile
}

/// An open file that holds an advisory lock for as long as it is open, also across a rename; the kernel lets go of it if the process dies.
private final class LockedFile: Sendable {
    private let descriptor: SystemPackage.FileDescriptor

    init(creating path: FilePath) throws {
        descriptor = try SystemPackage.FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead]
        )
        try lock()
    }

    init(existing path: FilePath) throws {
        descriptor = try SystemPackage.FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        try lock()
    }

    deinit { try? descriptor.close() }

    private func lock() throws {
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else { throw Errno(rawValue: errno) }
    }

    func write(_ piece: ByteBuffer) throws {
        _ = try piece.withUnsafeReadableBytes { try descriptor.writeAll($0) }
    }

    func synchronize() throws {
        guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
}

/// Runs file calls on threads that may block.
private func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await NIOThreadPool.singleton.runIfActive(work)
}
