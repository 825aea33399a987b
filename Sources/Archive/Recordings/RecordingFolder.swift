import Basics
import Crypto
import Foundation
import NIOCore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder of uploaded audio files, one file for each recording, under names that no client chooses; and the spools beside them.
package struct RecordingFolder: Sendable {
    static let partialSuffix = ".part"

    package let folder: FilePath
    /// Uploads stop before the disk has less than this left, in bytes.
    let reserve: Int64

    /// Opens the folder; if it does not exist, makes it, closed to other users.
    package init(_ folder: FilePath, reserve: Int64 = 256 << 20) throws {
        self.folder = folder
        self.reserve = reserve
        try FileManager.default.createDirectory(
            atPath: folder.string,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o750]
        )
    }

    /// The path of a stored file.
    package func path(of storedFilename: String) -> FilePath {
        folder.appending(storedFilename)
    }

    /// The path of a resumable upload's bytes until it is accepted.
    func partialPath(of upload: UUID) -> FilePath {
        folder.appending(upload.lowercased + Self.partialSuffix)
    }

    /// Writes an upload to disk piece by piece, hashing it on the way, and flushes it.
    ///
    /// - Parameters:
    ///   - limit: The most bytes to accept; nil for no limit but the disk.
    ///   - next: Returns the next piece, or nil at the end.
    /// - Throws: `ArchiveError.uploadTooLarge`, `.diskFull`, or an error of `next`; nothing is left on disk then.
    package func receive(limit: Int64?, next: () async throws -> ByteBuffer?) async throws -> ReceivedFile {
        let path = partialPath(of: UUID())
        let file = try await blocking { try LockedFile(creating: path) }
        do {
            var hash = SHA256()
            let size = try await fill(file, from: 0, next: next) { piece, size in
                if let limit, size > limit { throw ArchiveError.uploadTooLarge(limitBytes: limit) }
                piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
            }
            return ReceivedFile(path: path, size: size, sha256: hash.finalize().hexadecimal, file: file)
        } catch {
            await remove(path)
            throw error
        }
    }

    /// Writes pieces to a file as they arrive, from a place on, and flushes them.
    ///
    /// - Parameter inspect: Is called with each piece before it is written, and the file's size then; may refuse it.
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

    /// Whether a stored file exists; blocks its thread.
    func has(_ storedFilename: String) -> Bool {
        access(path(of: storedFilename).string, F_OK) == 0
    }

    /// Removes a stored file, if it exists.
    func remove(_ storedFilename: String) async {
        await remove(path(of: storedFilename))
    }

    /// Removes a file; one that can't be removed now is removed at the next start.
    func remove(_ path: FilePath) async {
        _ = try? await blocking { unlink(path.string) }
    }

    /// Removes the files that a killed process left: those that no row names and no running process holds.
    ///
    /// - Parameter isKnown: Whether a row names the file; called only while no other process holds it.
    func sweep(isKnown: (String) async throws -> Bool) async throws -> [String] {
        let names = try await blocking { try FileManager.default.contentsOfDirectory(atPath: folder.string) }
        var removed: [String] = []
        for name in names where name.hasSuffix(Self.partialSuffix) || UUID(uuidString: String(name.prefix(36))) != nil {
            // The lock comes first: a process that released it has committed its row by then.
            guard let lock = try? await blocking({ try LockedFile(existing: path(of: name)) }) else { continue }
            if try await !isKnown(name) {
                await remove(name)
                removed.append(name)
            }
            withExtendedLifetime(lock) {}
        }
        return removed
    }

    /// Throws `ArchiveError.diskFull` when less than the reserve would be left after so many more bytes.
    func checkFreeSpace(for bytes: Int64 = 0) async throws {
        try await blocking { try checkFreeSpaceNow(for: bytes) }
    }

    @Sendable
    private func checkFreeSpaceNow(for bytes: Int64 = 0) throws {
        guard let free = try? freeSpace() else { return }
        if free - bytes < reserve { throw ArchiveError.diskFull(freeBytes: free) }
    }

    /// The free space of the disk in bytes; blocks its thread.
    func freeSpace() throws -> Int64 {
        var information = statvfs()
        guard statvfs(folder.string, &information) == 0 else { throw Errno(rawValue: errno) }
        let (space, overflows) = Int64(clamping: information.f_bavail).multipliedReportingOverflow(
            by: Int64(clamping: information.f_frsize)
        )
        return overflows ? .max : space
    }

    // MARK: - Spools

    private var spoolFolder: FilePath { folder.appending("spool") }

    private func spoolPath(of transcription: UUID) -> FilePath {
        spoolFolder.appending(transcription.lowercased + ".pcm")
    }

    /// Opens a transcription's spool to write; makes it if it does not exist.
    ///
    /// - Throws: `ArchiveError.diskFull` from its `write` when the disk has too little left.
    package func spool(writing transcription: UUID, channels: Int) async throws -> SoundSpool {
        try await blocking {
            try FileManager.default.createDirectory(
                atPath: spoolFolder.string,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750]
            )
            return try SoundSpool(
                path: spoolPath(of: transcription),
                channels: channels,
                isWriter: true,
                checkSpace: { try checkFreeSpaceNow() }
            )
        }
    }

    /// Opens a transcription's spool to read; nil if it does not exist.
    package func spool(reading transcription: UUID, channels: Int) async throws -> SoundSpool? {
        try await blocking {
            do {
                return try SoundSpool(path: spoolPath(of: transcription), channels: channels, isWriter: false)
            } catch Errno.noSuchFileOrDirectory {
                return nil
            }
        }
    }

    /// Removes a transcription's spool, if it exists.
    func removeSpool(of transcription: UUID) async {
        await remove(spoolPath(of: transcription))
    }

    /// Removes the spools that no transcription needs any more.
    func sweepSpools(isNeeded: (UUID) async throws -> Bool) async throws {
        let names = try await blocking { (try? FileManager.default.contentsOfDirectory(atPath: spoolFolder.string)) ?? [] }
        for name in names {
            guard let id = UUID(uuidString: String(name.prefix(36))), try await !isNeeded(id) else { continue }
            await removeSpool(of: id)
        }
    }
}

extension SHA256.Digest {
    /// The digest in lower-case hexadecimal digits.
    var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }
}
