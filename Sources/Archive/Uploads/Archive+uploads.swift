import Crypto
import Foundation
import Logging
import NIOCore
import Postgres
import SystemPackage

/// Uploads in several requests: a row says what is to come, a file in the uploads folder what has come.
///
/// The file is the truth about that, so a process that is killed loses nothing that it has written. Whoever writes holds the file's lock
/// and reads the row under it; a row is only removed under the lock.
extension Archive {
    /// Begins an upload and opens it.
    ///
    /// - Parameters:
    ///   - length: The bytes that will come, at least 1.
    ///   - metadata: The header Upload-Metadata, which is kept as it is.
    ///   - lifetime: How long it is kept while nothing comes.
    /// - Throws: `ArchiveError.diskFull` if the disk has no room for all of it.
    package func beginUpload(length: Int64, metadata: String, lifetime: Duration) async throws -> OpenUpload {
        try await files.checkFreeSpace(for: length)
        let id = UUID()
        let path = files.partialPath(of: id)
        let file = try await blocking { try LockedFile(creating: path) }
        do {
            let expiresAt = try await database.transaction { session in
                try session.row(
                    """
                    INSERT INTO uploads (id, length_bytes, metadata, expires_at)
                    VALUES (\(id), \(length), \(metadata), \(sql: Self.end(of: lifetime))) RETURNING expires_at
                    """,
                    as: Date.self
                )
            }
            guard let expiresAt else { throw ArchiveError.uploadNotFound(id) }
            let upload = ResumableUpload(id: id, length: length, offset: 0, metadata: metadata, expiresAt: expiresAt)
            return OpenUpload(upload: upload, path: path, file: file)
        } catch {
            await files.discard(path)
            throw error
        }
    }

    /// How an upload stands.
    ///
    /// - Throws: `ArchiveError.uploadNotFound`, also for one that has expired.
    package func upload(_ id: UUID) async throws -> ResumableUpload {
        guard var upload = try await storedUpload(id) else { throw ArchiveError.uploadNotFound(id) }
        if upload.transcriptionID != nil { return upload }
        do {
            let path = files.partialPath(of: id)
            upload.offset = try await blocking {
                let file = try SystemPackage.FileDescriptor.open(path, .readOnly, options: .closeOnExec)
                return try file.closeAfter { try file.seek(offset: 0, from: .end) }
            }
            return upload
        } catch Errno.noSuchFileOrDirectory {
            // It may just have been accepted.
            guard let upload = try await storedUpload(id), upload.transcriptionID != nil else { throw ArchiveError.uploadNotFound(id) }
            return upload
        }
    }

    /// Opens an unfinished upload to go on with it.
    ///
    /// - Throws: `ArchiveError.uploadNotFound`, or `.uploadInUse` while somebody else has it open.
    package func openUpload(_ id: UUID) async throws -> OpenUpload {
        let path = files.partialPath(of: id)
        let file: LockedFile
        do {
            file = try await blocking { try LockedFile(existing: path) }
        } catch Errno.noSuchFileOrDirectory {
            throw ArchiveError.uploadNotFound(id)
        } catch Errno.wouldBlock {
            throw ArchiveError.uploadInUse(id)
        }
        guard var upload = try await storedUpload(id), upload.transcriptionID == nil else { throw ArchiveError.uploadNotFound(id) }
        upload.offset = try await blocking { try file.size }
        return OpenUpload(upload: upload, path: path, file: file)
    }

    /// Writes the next pieces of an upload as they come and flushes them; what came before an error stays.
    ///
    /// - Throws: `ArchiveError.uploadOverflow` for more bytes than were announced, `.diskFull`, or what `next` throws.
    package func append(to open: OpenUpload, lifetime: Duration, next: () async throws -> ByteBuffer?) async throws -> OpenUpload {
        var grown = open
        do {
            grown.upload.offset = try await files.fill(open.file, from: open.upload.offset, next: next) { _, size in
                guard size <= open.upload.length else { throw ArchiveError.uploadOverflow(lengthBytes: open.upload.length) }
            }
        } catch {
            // If this fails as well, the upload is kept as long as was promised before.
            _ = try? await putOffExpiry(of: open.upload.id, lifetime: lifetime)
            throw error
        }
        grown.upload.expiresAt = try await putOffExpiry(of: open.upload.id, lifetime: lifetime)
        return grown
    }

    /// An upload of which all has come, as `accept` takes it.
    package func received(_ open: OpenUpload) async throws -> ReceivedFile {
        let file = open.file
        var hash = SHA256()
        var place: Int64 = 0
        while true {
            let start = place
            let bytes = try await blocking { try file.read(at: start, count: 1 << 20) }
            if bytes.isEmpty { break }
            hash.update(data: bytes)
            place += Int64(bytes.count)
        }
        return ReceivedFile(path: open.path, size: place, sha256: hash.finalize().hexadecimal, resumable: open.upload.id, file: file)
    }

    /// Removes an unfinished upload with what has come of it.
    package func removeUpload(_ open: OpenUpload) async throws {
        try await forgetUpload(open.upload.id)
        await files.discard(open.path)
        withExtendedLifetime(open) {}
    }

    /// Forgets an upload that has been accepted; what became of it stays.
    package func forgetUpload(_ id: UUID) async throws {
        try await database.transaction { session in _ = try session.execute("DELETE FROM uploads WHERE id = \(id)") }
    }

    /// Removes the uploads that nobody went on with in time.
    package func sweepUploads() async throws {
        let expired = try await database.read { session in
            try session.rows("SELECT id FROM uploads WHERE expires_at <= clock_timestamp()", as: UUID.self)
        }
        for id in expired {
            let path = files.partialPath(of: id)
            var lock: LockedFile?
            do {
                lock = try await blocking { try LockedFile(existing: path) }
            } catch Errno.wouldBlock {
                continue
            } catch Errno.noSuchFileOrDirectory {}
            // Somebody may have gone on with it since.
            let removed = try await database.transaction { session in
                try session.execute("DELETE FROM uploads WHERE id = \(id) AND expires_at <= clock_timestamp()")
            }
            if removed == 1, lock != nil {
                await files.discard(path)
                Logger.current.notice("Removed an upload that nobody went on with", metadata: ["upload": "\(id)"])
            }
            withExtendedLifetime(lock) {}
        }
    }

    private func storedUpload(_ id: UUID) async throws -> ResumableUpload? {
        let row = try await database.row(
            "SELECT length_bytes, metadata, expires_at, transcription_id FROM uploads WHERE id = \(id) AND expires_at > clock_timestamp()",
            as: (Int64, String, Date, UUID?).self
        )
        return row.map { length, metadata, expiresAt, transcriptionID in
            ResumableUpload(
                id: id,
                length: length,
                offset: transcriptionID == nil ? 0 : length,
                metadata: metadata,
                expiresAt: expiresAt,
                transcriptionID: transcriptionID
            )
        }
    }

    private func putOffExpiry(of id: UUID, lifetime: Duration) async throws -> Date {
        let expiresAt = try await database.transaction { session in
            try session.row(
                "UPDATE uploads SET expires_at = \(sql: Self.end(of: lifetime)) WHERE id = \(id) RETURNING expires_at",
                as: Date.self
            )
        }
        guard let expiresAt else { throw ArchiveError.uploadNotFound(id) }
        return expiresAt
    }

    private static func end(of lifetime: Duration) -> SQL { "clock_timestamp() + make_interval(secs => \(lifetime.seconds))" }
}

extension AudioFiles {
    /// Where the bytes of an upload in several requests lie until it is accepted.
    func partialPath(of upload: UUID) -> FilePath {
        folder.appending(upload.uuidString.lowercased() + Self.partialSuffix)
    }
}

extension Session {
    /// Stores which transcription an upload has become.
    func note(_ transcription: UUID, asOutcomeOf upload: UUID) throws {
        try execute("UPDATE uploads SET transcription_id = \(transcription) WHERE id = \(upload)")
    }
}
