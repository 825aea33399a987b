import Basics
import Foundation
import NIOCore
import Postgres
import SystemPackage

/// Resumable uploads: a row states what is to come, a file in the folder of recordings has what has arrived.
///
/// The file's length is the truth about that, so a killed process loses nothing that it has written. A request that writes holds the
/// file's lock and reads the row under it; a row is only removed under the lock.
package struct UploadStore: Sendable {
    let database: Database
    let folder: RecordingFolder

    private var doomed: DoomedFiles { DoomedFiles(database: database, folder: folder) }

    /// Creates an upload and opens it.
    ///
    /// - Parameters:
    ///   - length: The number of bytes that it will have, at least 1.
    ///   - metadata: The header Upload-Metadata, which is stored unchanged.
    ///   - lifetime: How long it is kept while no bytes arrive.
    ///   - mostOpen: How many uploads may be unfinished at once, this one included.
    /// - Throws: `ArchiveError.diskFull` if the disk has no room for all of it, or `.tooManyUploads`.
    package func beginUpload(length: Int64, metadata: String, lifetime: Duration, mostOpen: Int = .max) async throws -> OpenUpload {
        try await folder.checkFreeSpace(for: length)
        let id = UUID()
        let path = folder.partialPath(of: id)
        let file = try await blocking { try LockedFile(creating: path) }
        do {
            let expiresAt = try await database.transaction { session in
                let unfinished = "SELECT count(*) FROM uploads WHERE transcription_id IS NULL AND expires_at > clock_timestamp()" as SQL
                guard try session.row(unfinished, as: Int.self) ?? 0 < mostOpen else {
                    throw ArchiveError.tooManyUploads(limit: mostOpen)
                }
                return try session.row(
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
            await folder.remove(path)
            throw error
        }
    }

    /// An upload with its current length.
    ///
    /// - Throws: `ArchiveError.uploadNotFound`, also for one that has expired.
    package func findUpload(_ id: UUID) async throws -> ResumableUpload {
        guard var upload = try await storedUpload(id) else { throw ArchiveError.uploadNotFound(id) }
        if upload.transcriptionID != nil { return upload }
        do {
            let path = folder.partialPath(of: id)
            upload.offset = try await blocking {
                let file = try SystemPackage.FileDescriptor.open(path, .readOnly, options: .closeOnExec)
                return try file.closeAfter { try file.seek(offset: 0, from: .end) }
            }
            return upload
        } catch Errno.noSuchFileOrDirectory {
            // It may have been accepted in the meantime.
            guard let upload = try await storedUpload(id), upload.transcriptionID != nil else { throw ArchiveError.uploadNotFound(id) }
            return upload
        }
    }

    /// Opens an unfinished upload to append to it.
    ///
    /// - Throws: `ArchiveError.uploadNotFound`, or `.uploadInUse` while another request has it open.
    package func openUpload(_ id: UUID) async throws -> OpenUpload {
        let path = folder.partialPath(of: id)
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

    /// Appends pieces as they arrive, and flushes them; the bytes before an error are kept.
    ///
    /// - Throws: `ArchiveError.uploadOverflow` for more bytes than were announced, `.diskFull`, or an error of `next`.
    package func appendBytes(to open: OpenUpload, lifetime: Duration, next: () async throws -> ByteBuffer?) async throws -> OpenUpload {
        var grown = open
        do {
            grown.upload.offset = try await folder.fill(open.file, from: open.upload.offset, next: next) { _, size in
                guard size <= open.upload.length else { throw ArchiveError.uploadOverflow(lengthBytes: open.upload.length) }
            }
        } catch {
            // If this fails as well, the upload keeps its earlier expiry.
            _ = try? await postponeExpiry(of: open.upload.id, lifetime: lifetime)
            throw error
        }
        grown.upload.expiresAt = try await postponeExpiry(of: open.upload.id, lifetime: lifetime)
        return grown
    }

    /// A complete upload as `RecordingStore.accept` takes it.
    package func receivedFile(of open: OpenUpload) async throws -> ReceivedFile {
        try await ReceivedFile(reading: open.file, at: open.path, source: .upload(open.upload.id))
    }

    /// Removes an unfinished upload with its bytes.
    package func removeUpload(_ open: OpenUpload) async throws {
        let id = open.upload.id
        let part = folder.partialName(of: id)
        try await database.transaction { session in
            try session.execute("DELETE FROM uploads WHERE id = \(id)")
            try session.doom([part])
        }
        await doomed.removeNow([part])
        withExtendedLifetime(open) {}
    }

    /// Forgets an upload that has been accepted; its transcription stays.
    package func forgetUpload(_ id: UUID) async throws {
        try await database.transaction { session in _ = try session.execute("DELETE FROM uploads WHERE id = \(id)") }
    }

    /// The uploads that are whole, but not accepted: the process was killed, or the server failed.
    package func unacceptedUploads() async throws -> [UUID] {
        let rows = try await database.rows(
            "SELECT id, length_bytes FROM uploads WHERE transcription_id IS NULL AND expires_at > clock_timestamp() ORDER BY created_at",
            as: (UUID, Int64).self
        )
        return try await blocking { rows.filter { id, length in folder.size(of: folder.partialName(of: id)) == length }.map(\.0) }
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

    private func postponeExpiry(of id: UUID, lifetime: Duration) async throws -> Date {
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

extension Session {
    /// Stores the transcription that an upload has become.
    func storeOutcome(_ transcription: UUID, of upload: UUID) throws {
        try execute("UPDATE uploads SET transcription_id = \(transcription) WHERE id = \(upload)")
    }
}
