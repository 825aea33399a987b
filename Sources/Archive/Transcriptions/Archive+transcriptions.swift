import Foundation
import Logging
import Postgres
import SystemPackage
import Transcripts

extension Archive {
    /// Keeps an upload and queues its transcription: the file, both rows and the job, or none of them.
    ///
    /// - Parameters:
    ///   - received: The upload, whole and flushed; if this throws it is discarded, unless it came in several requests.
    ///   - filename: What the client calls it; only its last path component is kept, at most 255 characters.
    ///   - duration: What the container states, if it does.
    ///   - channels: How many channels are to be transcribed one by one; 1 for a mix of all.
    ///   - isProvisional: Whether it belongs to a client that waits for it: until `keep` nobody else is given it, and `withdraw` deletes it.
    package func accept(
        _ received: ReceivedFile,
        filename: String,
        mediaType: String,
        duration: Timestamp?,
        channels: Int = 1,
        request: TranscriptionRequest,
        isProvisional: Bool = false
    ) async throws -> Transcription {
        let fileID = UUID()
        let transcriptionID = UUID()
        let name = Self.displayName(filename)
        let storedFilename = fileID.uuidString.lowercased() + Self.safeExtension(of: name)
        let files = files
        do {
            return try await database.transaction { session in
                try session.execute(
                    """
                    INSERT INTO audio_files (id, original_filename, stored_filename, size_bytes, sha256, media_type, duration_ms)
                    VALUES (\(fileID), \(name), \(storedFilename), \(received.size), \(received.sha256), \(mediaType), \(duration?.milliseconds))
                    """
                )
                try session.execute(
                    """
                    INSERT INTO transcriptions (id, audio_file_id, model, options, channels, language, is_provisional, queued_at)
                    VALUES (\(transcriptionID), \(fileID), \(request.model), \(try request.options.json)::jsonb, \(channels),
                            \(request.options.language?.code), \(isProvisional), clock_timestamp())
                    """
                )
                try session.enqueue(.prepare, for: transcriptionID)
                if let upload = received.resumable { try session.note(transcriptionID, asOutcomeOf: upload) }
                // The last thing that can fail before the commit: a row never names a file that is not there.
                try files.keep(received, as: storedFilename)
                guard let transcription = try session.transcription(transcriptionID) else {
                    throw ArchiveError.transcriptionNotFound(transcriptionID)
                }
                return transcription
            }
        } catch {
            await files.takeBack(received, from: storedFilename)
            throw error
        }
    }

    /// The newest transcriptions first.
    package func transcriptions(limit: Int, offset: Int) async throws -> Page<Transcription> {
        try await database.read { session in
            let total = try session.row("SELECT count(*) FROM transcriptions", as: Int.self) ?? 0
            let items = try session.transcriptions("ORDER BY t.created_at DESC, t.id DESC LIMIT \(limit)::bigint OFFSET \(offset)::bigint")
            return Page(items: items, total: total)
        }
    }

    /// One transcription, or nil if there is none of that id.
    package func transcription(_ id: UUID) async throws -> Transcription? {
        try await database.read { session in try session.transcription(id) }
    }

    /// Deletes a transcription, and its audio file, rows and disk, if no other transcription uses that; false if there is none of that id.
    package func delete(_ id: UUID) async throws -> Bool {
        let outcome = try await database.transaction { session -> (deleted: Bool, storedFilename: String?) in
            // Locks the file's row, so that two deletions of the last two transcriptions can't both see the other's.
            let file = try session.row(
                """
                SELECT f.id, f.stored_filename FROM audio_files f JOIN transcriptions t ON t.audio_file_id = f.id
                WHERE t.id = \(id) FOR UPDATE OF f
                """,
                as: (UUID, String).self
            )
            guard let (fileID, storedFilename) = file else { return (false, nil) }
            guard try session.execute("DELETE FROM transcriptions WHERE id = \(id)") == 1 else { return (false, nil) }
            try session.announce(id)
            let removed = try session.execute(
                """
                DELETE FROM audio_files f WHERE f.id = \(fileID)
                AND NOT EXISTS (SELECT FROM transcriptions t WHERE t.audio_file_id = f.id)
                """
            )
            return (true, removed == 1 ? storedFilename : nil)
        }
        await files.removeSpool(of: id)
        if let storedFilename = outcome.storedFilename { await files.remove(storedFilename) }
        return outcome.deleted
    }

    /// Removes files that a killed process left behind.
    package func sweepFiles() async throws {
        try await sweepUploads()
        let removed = try await files.sweep { name in
            try await database.read { session in
                try session.row(
                    """
                    SELECT 1 FROM audio_files WHERE stored_filename = \(name)
                    UNION ALL SELECT 1 FROM uploads WHERE id::text || \(AudioFiles.partialSuffix) = \(name) AND transcription_id IS NULL
                    """,
                    as: Int.self
                ) != nil
            }
        }
        try await files.sweepSpools { id in
            try await database.read { session in try session.transcription(id) }.map { !$0.state.isFinal } ?? false
        }
        for name in removed {
            Logger.current.notice("Removed a file that an interrupted upload left behind", metadata: ["file": "\(name)"])
        }
    }

    private static func displayName(_ filename: String) -> String {
        let component = filename.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let printable = String(component.unicodeScalars.filter { !CharacterSet.controlCharacters.contains($0) })
        let name = String(printable.unicodeScalars.prefix(255))
        return name.isEmpty || name == "." || name == ".." ? "recording" : name
    }

    /// The extension with its dot, if it is plain; it only helps people who look into the folder.
    private static func safeExtension(of name: String) -> String {
        guard let ending = FilePath.Component(name)?.extension, ending.count <= 8,
            ending.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return "" }
        return "." + ending.lowercased()
    }
}
