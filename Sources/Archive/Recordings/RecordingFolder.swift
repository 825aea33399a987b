import Basics
import Crypto
import Foundation
import NIOCore
import SystemPackage
import Transcripts

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
    /// How much sound of a recording may wait in its spool to be recognized; nil for any length.
    package let prepareAhead: Timestamp?

    /// Opens the folder; if it does not exist, makes it, closed to other users.
    package init(_ folder: FilePath, reserve: Int64 = 256 << 20, prepareAhead: Timestamp? = nil) throws {
        self.folder = folder
        self.reserve = reserve
        self.prepareAhead = prepareAhead
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
        folder.appending(partialName(of: upload))
    }

    /// The name of a resumable upload's bytes until it is accepted.
    func partialName(of upload: UUID) -> String { upload.lowercased + Self.partialSuffix }

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
            return ReceivedFile(path: path, size: size, sha256: hash.finalize().hexadecimal, source: .request, file: file)
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
            try await blocking { try file.write(piece, at: place) }
        }
        try await blocking { try file.synchronize() }
        return size
    }

    /// Whether a stored file exists; blocks its thread.
    func has(_ storedFilename: String) -> Bool {
        access(path(of: storedFilename).string, F_OK) == 0
    }

    /// A file's length in bytes; nil if there is none. Blocks its thread.
    func size(of name: String) -> Int64? {
        var information = stat()
        return lstat(path(of: name).string, &information) == 0 ? Int64(information.st_size) : nil
    }

    /// Removes a file; one that can't be removed now is removed at the next start.
    func remove(_ path: FilePath) async {
        _ = try? await blocking { unlink(path.string) }
    }

    /// Removes a file of the folder, if it exists; returns the reason if that is not possible. Blocks its thread.
    func removalProblem(of name: String) -> String? {
        if unlink(path(of: name).string) == 0 { return nil }
        let problem = Errno(rawValue: errno)
        guard problem == .noSuchFileOrDirectory else { return problem.description }
        // Where the volume is not mounted, no file is here, and none is gone.
        return SharedIdentity.isMarked(self) ? nil : "the folder of recordings is not mounted"
    }

    /// The names of all recordings' files that are here, in no order. Blocks its thread.
    func storedFilenames() throws -> [String] {
        try names().filter { !$0.hasSuffix(Self.partialSuffix) }
    }

    /// The names of files that are not whole, or not accepted yet. Blocks its thread.
    func partialNames() throws -> [String] {
        try names().filter { $0.hasSuffix(Self.partialSuffix) }
    }

    /// The files with names that Earshot gave.
    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.string).filter { UUID(uuidString: String($0.prefix(36))) != nil }
    }

    /// Throws `ArchiveError.diskFull` when less than the reserve would be left after so many more bytes.
    package func checkFreeSpace(for bytes: Int64 = 0) async throws {
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

    /// Throws `ArchiveError.noRoom` when less than the reserve would be left beside the spool of a stretch, `.diskFull` when less is left
    /// already. Blocks its thread.
    ///
    /// - Parameter length: How long the stretch is; nil if that is not known.
    func checkSpoolSpaceNow(for length: Timestamp?, channels: Int) throws {
        guard let length, let free = try? freeSpace() else { return }
        let needed = SoundSpool.bytes(for: min(length, prepareAhead ?? length), channels: channels)
        if free < reserve { throw ArchiveError.diskFull(freeBytes: free) }
        if free - needed < reserve { throw ArchiveError.noRoom(neededBytes: needed, freeBytes: max(0, free - reserve)) }
    }

    /// Throws `ArchiveError.noRoom` or `.diskFull` when the disk has no room for the spool of a stretch.
    ///
    /// - Parameter length: How long the stretch is; nil if that is not known.
    package func checkSpoolSpace(for length: Timestamp?, channels: Int) async throws {
        try await blocking { try checkSpoolSpaceNow(for: length, channels: channels) }
    }

    /// Throws when the folder is away, can't be read or written, or its disk is full: what holds up every recording.
    package func checkHealth() async throws {
        try await checkFreeSpace()
        try await checkAccess()
    }

    /// Throws when the folder is away, or can't be read or written.
    func checkAccess() async throws {
        try await blocking {
            let descriptor = try FileDescriptor.open(folder, .readOnly, options: [.directory, .closeOnExec])
            try descriptor.close()
            // Of a volume that is not mounted there is an empty folder, in which every file seems to be missing.
            guard SharedIdentity.isMarked(self) else {
                throw ArchiveError.folderUnavailable(reason: "It has no \(SharedIdentity.markerName); is its volume mounted?")
            }
            let probe = try LockedFile(creating: folder.appending(".probe-" + UUID().lowercased))
            defer { unlink(probe.path.string) }
            try probe.write(ByteBuffer(repeating: 0, count: 4096), at: 0)
            try probe.synchronize()
        }
    }

    // MARK: - Spools

    private var spoolFolder: FilePath { folder.appending("spool") }

    /// The name of a transcription's spool inside the folder of recordings.
    func spoolName(of transcription: UUID) -> String { "spool/\(transcription.lowercased).pcm" }

    private func spoolPath(of transcription: UUID) -> FilePath { path(of: spoolName(of: transcription)) }

    /// Opens a transcription's spool to write; makes it if it does not exist.
    ///
    /// - Throws: `ArchiveError.diskFull` from its `write` when the disk has too little left.
    package func spool(writing transcription: UUID, channels: Int) async throws -> SoundSpool {
        try await blocking {
            // The folder of recordings itself is never made again: where it is away, it comes back.
            guard mkdir(spoolFolder.string, 0o750) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
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

    /// Gives the disk back the part of a transcription's spool that no block needs any more: what lies before a time.
    package func releaseSpool(of transcription: UUID, channels: Int, until end: Timestamp) async throws {
        let spool = try await blocking {
            try SoundSpool(path: spoolPath(of: transcription), channels: channels, isWriter: true, makesFile: false)
        }
        try await spool.release(until: end)
    }

    /// Removes a transcription's spool, if it exists.
    func removeSpool(of transcription: UUID) async {
        await remove(spoolPath(of: transcription))
    }

    /// Removes the spools that no transcription needs any more.
    func sweepSpools(isNeeded: (UUID) async throws -> Bool) async throws {
        let names = try await blocking {
            let isThere = FileManager.default.fileExists(atPath: spoolFolder.string)
            return isThere ? try FileManager.default.contentsOfDirectory(atPath: spoolFolder.string) : []
        }
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
