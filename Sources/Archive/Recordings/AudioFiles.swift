import Crypto
import Foundation
import NIOCore
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
            let size = try await fill(file, from: 0, next: next) { piece, size in
                if let limit, size > limit { throw ArchiveError.uploadTooLarge(limitBytes: limit) }
                piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
            }
            return ReceivedFile(path: path, size: size, sha256: hash.finalize().hexadecimal, resumable: nil, file: file)
        } catch {
            await discard(path)
            throw error
        }
    }

    /// Writes pieces from a place in a file on as they come, and flushes them.
    ///
    /// - Parameter inspect: Is shown each piece before it is written, with the file's size then; may refuse it.
    /// - Returns: The file's size at the end.
    func fill(
        _ file: LockedFile,
        from start: Int64,
        next: () async throws -> ByteBuffer?,
        inspect: (ByteBuffer, Int64) throws -> Void
    ) async throws -> Int64 {
        var size = start
        var spaceCheckedAt: Int64?
        while let piece = try await next() {
            let place = size
            size += Int64(piece.readableBytes)
            try inspect(piece, size)
            if spaceCheckedAt.map({ size - $0 > 64 << 20 }) ?? true {
                try await checkFreeSpace()
                spaceCheckedAt = size
            }
            do {
                try await blocking { try file.write(piece, at: place) }
            } catch Errno.noSpace {
                throw ArchiveError.diskFull(freeBytes: 0)
            }
        }
        try await blocking { try file.synchronize() }
        return size
    }

    /// Gives an upload its final name; its lock holds until the returned value is released, so `sweep` leaves it alone meanwhile.
    func keep(_ received: ReceivedFile, as storedFilename: String) throws {
        guard rename(received.path.string, path(of: storedFilename).string) == 0 else { throw Errno(rawValue: errno) }
        let directory = try SystemPackage.FileDescriptor.open(folder, .readOnly)
        defer { try? directory.close() }
        _ = fsync(directory.rawValue)
    }

    /// Whether a stored file is there; blocks its thread.
    func has(_ storedFilename: String) -> Bool {
        access(path(of: storedFilename).string, F_OK) == 0
    }

    /// Undoes `keep`, as far as it was done, for an upload whose rows were not stored: what came in several requests waits for another
    /// try, everything else is removed.
    func takeBack(_ received: ReceivedFile, from storedFilename: String) async {
        let stored = path(of: storedFilename)
        guard received.resumable != nil else {
            await discard(stored)
            return await discard(received)
        }
        await Task { _ = try? await blocking { rename(stored.string, received.path.string) } }.value
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

    static let partialSuffix = ".part"

    /// Removes a file; one that can't be removed now is removed by the next sweep.
    func discard(_ path: FilePath) async {
        // A task of its own, because what is cancelled leaves nothing behind, either.
        await Task { _ = try? await blocking { unlink(path.string) } }.value
    }

    /// Throws `ArchiveError.diskFull` when less than the reserve would be left after so many more bytes.
    func checkFreeSpace(for bytes: Int64 = 0) async throws {
        try await blocking { try checkFreeSpaceNow(for: bytes) }
    }

    /// Throws `ArchiveError.diskFull` when less than the reserve would be left after so many more bytes; blocks its thread.
    @Sendable
    func checkFreeSpaceNow(for bytes: Int64 = 0) throws {
        var information = statvfs()
        guard statvfs(folder.string, &information) == 0 else { return }
        let (space, overflows) = Int64(clamping: information.f_bavail).multipliedReportingOverflow(by: Int64(clamping: information.f_frsize))
        let free = overflows ? .max : space
        if free - bytes < reserve { throw ArchiveError.diskFull(freeBytes: free) }
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
    /// The upload that it came by, if that was one in several requests.
    let resumable: UUID?
    let file: LockedFile
}

extension SHA256.Digest {
    /// The digest in lower-case hexadecimal digits.
    var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }
}
