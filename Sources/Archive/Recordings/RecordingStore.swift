import Basics
import Foundation
import Postgres
import SystemPackage
import Transcripts

/// The outcome of a request for a transcription.
package struct AcceptedTranscription: Sendable, Hashable {
    package var transcription: Transcription
    /// False for an earlier one of the same sound, model and options.
    package var isNew: Bool

    package init(transcription: Transcription, isNew: Bool) {
        self.transcription = transcription
        self.isNew = isNew
    }
}

/// Recordings: their files and rows, and the requests to transcribe them.
package struct RecordingStore: Sendable {
    let database: Database
    package let folder: RecordingFolder

    /// Stores an upload and queues its transcription: the file, both rows and the job, or none of them.
    ///
    /// If the same bytes were uploaded before, the stored file is reused, and an identical earlier transcription that has not failed is
    /// returned. Nothing is stored when the disk has no room for the sound while it is transcribed.
    ///
    /// - Parameters:
    ///   - filename: The client's name for it; only its last path component is kept, at most 255 characters.
    ///   - duration: The duration that the container states, if it does.
    ///   - channels: How many channels are to be transcribed separately; 1 for a mix of all.
    ///   - wantsDuplicate: Whether to transcribe even what was transcribed in the same way before.
    ///   - isProvisional: Whether it belongs to a client that waits for it: until `Library.keepProvisional` no other request is given it,
    ///     and `Library.withdrawProvisional` deletes it. An earlier transcription is never made provisional.
    package func accept(
        _ received: ReceivedFile,
        filename: String,
        mediaType: String,
        duration: Timestamp?,
        channels: Int = 1,
        request: TranscriptionRequest,
        wantsDuplicate: Bool = false,
        isProvisional: Bool = false
    ) async throws -> AcceptedTranscription {
        let fileID = UUID()
        let name = Self.displayName(filename)
        let storedFilename = fileID.lowercased + Self.safeExtension(of: name)
        let wanted = WantedTranscription(
            request: request,
            channels: channels,
            wantsDuplicate: wantsDuplicate,
            isProvisional: isProvisional
        )
        do {
            let accepted = try await database.transaction { [folder] session in
                let known = try session.lockContent(sha256: received.sha256, size: received.size)
                if known == nil {
                    try session.execute(
                        """
                        INSERT INTO audio_files (id, original_filename, stored_filename, size_bytes, sha256, media_type, duration_ms)
                        VALUES (\(fileID), \(name), \(storedFilename), \(received.size), \(received.sha256), \(mediaType),
                                \(duration?.milliseconds))
                        """
                    )
                }
                let accepted = try session.queueTranscription(
                    of: known?.id ?? fileID,
                    wanted,
                    name: known.flatMap { $0.originalFilename == name ? nil : name }
                )
                try folder.checkSpoolSpaceNow(for: accepted)
                if case .upload(let upload) = received.source { try session.storeOutcome(accepted.transcription.id, of: upload) }
                // The last step before the commit: a row never names a file that does not exist. A file that was removed from the folder by
                // hand comes back.
                let stored = known?.storedFilename ?? storedFilename
                if known == nil || !folder.has(stored) { try received.store(as: folder.path(of: stored)) }
                Failpoint.reached("accept.stored")
                return accepted
            }
            Failpoint.reached("accept.committed")
            try? await blocking { received.accept() }
            return accepted
        } catch {
            try? await blocking { [folder] in
                if (error as? PostgresError)?.kind == .unanswered {
                    received.leave()
                } else {
                    received.takeBack(from: folder.path(of: storedFilename))
                    received.removeUnaccepted()
                }
            }
            throw error
        }
    }

    /// Stores what a recording's file was found to be, unless that is known already.
    ///
    /// - Parameter duration: The duration that the container states, if it does.
    package func describe(_ audioFile: UUID, mediaType: String, duration: Timestamp?) async throws {
        try await database.transaction { session in
            try session.execute(
                """
                UPDATE audio_files SET media_type = \(mediaType), duration_ms = \(duration?.milliseconds)
                WHERE id = \(audioFile) AND duration_ms IS NULL
                """
            )
        }
    }

    /// Queues another transcription of a stored recording, or returns an identical earlier one.
    ///
    /// - Throws: `ArchiveError.audioFileNotFound`.
    package func transcribeAgain(
        _ audioFile: UUID,
        channels: Int = 1,
        request: TranscriptionRequest,
        wantsDuplicate: Bool = false
    ) async throws -> AcceptedTranscription {
        let wanted = WantedTranscription(request: request, channels: channels, wantsDuplicate: wantsDuplicate)
        return try await database.transaction { [folder] session in
            try session.lockRecording(audioFile)
            let accepted = try session.queueTranscription(of: audioFile, wanted)
            try folder.checkSpoolSpaceNow(for: accepted)
            return accepted
        }
    }

    /// Queues the transcription of a range of a recording; its text then replaces that range of a complete transcript.
    ///
    /// The request's options state where the range starts and ends. The result is a transcription of its own as well.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, or `.notPossible` unless the transcript is complete.
    package func transcribeRange(of id: UUID, channels: Int, request: TranscriptionRequest) async throws -> Transcription {
        try await database.transaction { [folder] session in
            let file = try session.row("SELECT audio_file_id FROM transcriptions WHERE id = \(id)", as: UUID.self)
            guard let file else { throw ArchiveError.transcriptionNotFound(id) }
            try session.lockRecording(file)
            guard let state = try session.lockTranscription(id)?.state else { throw ArchiveError.transcriptionNotFound(id) }
            guard state == .completed else { throw ArchiveError.notPossible(state) }
            let wanted = WantedTranscription(request: request, channels: channels, wantsDuplicate: true, rangeOf: id)
            let accepted = try session.queueTranscription(of: file, wanted)
            try folder.checkSpoolSpaceNow(for: accepted)
            return accepted.transcription
        }
    }

    /// Deletes a recording with all its transcriptions, rows and files; false if there is none of that id.
    ///
    /// A file that can't be removed now is removed later: see `DoomedFiles`.
    package func deleteRecording(_ id: UUID) async throws -> Bool {
        let doomed = try await database.transaction { [folder] session -> [String]? in
            let name = try session.row("SELECT stored_filename FROM audio_files WHERE id = \(id) FOR UPDATE", as: String.self)
            guard let name else { return nil }
            let ids = try session.rows(
                "SELECT id FROM transcriptions WHERE audio_file_id = \(id) ORDER BY created_at, id FOR UPDATE",
                as: UUID.self
            )
            try session.execute("DELETE FROM audio_files WHERE id = \(id)")
            for id in ids { try session.announceTranscription(id, .deleted) }
            let files = [name] + ids.map(folder.spoolName)
            try session.doom(files)
            return files
        }
        guard let doomed else { return false }
        await DoomedFiles(database: database, folder: folder).removeNow(doomed)
        return true
    }

    private static func displayName(_ filename: String) -> String {
        let component = filename.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let printable = String(component.unicodeScalars.filter { $0.properties.generalCategory != .control })
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

extension RecordingFolder {
    /// Throws `ArchiveError.noRoom` when the disk has no room for the spool of a new transcription. Blocks its thread.
    fileprivate func checkSpoolSpaceNow(for accepted: AcceptedTranscription) throws {
        guard accepted.isNew else { return }
        try checkSpoolSpaceNow(for: accepted.transcription.wantedDuration, channels: accepted.transcription.channels)
    }
}

/// A request for a transcription, as it is queued.
private struct WantedTranscription: Sendable {
    var request: TranscriptionRequest
    var channels = 1
    var wantsDuplicate = false
    var isProvisional = false
    /// The transcription in which the result replaces a range.
    var rangeOf: UUID?
}

extension Session {
    /// Queues a transcription of a recording that this transaction has locked, unless there is an identical one.
    fileprivate func queueTranscription(
        of audioFile: UUID,
        _ wanted: WantedTranscription,
        name: String? = nil
    ) throws -> AcceptedTranscription {
        let options = try wanted.request.options.json
        if !wanted.wantsDuplicate {
            // A client that waits for the answer wants the model's text now: neither a paused transcription nor an edited text.
            let twin = try transcriptions(
                """
                WHERE t.audio_file_id = \(audioFile) AND t.model = \(wanted.request.model) AND t.options = \(options)::jsonb
                    AND t.channels = \(wanted.channels) AND t.state NOT IN ('failed', 'cancelled')
                    AND NOT t.is_provisional AND NOT ((t.state = 'paused' OR t.revision > 0) AND \(wanted.isProvisional))
                ORDER BY t.state = 'completed' DESC, t.created_at DESC, t.id LIMIT 1
                """
            ).first
            if let twin { return AcceptedTranscription(transcription: twin, isNew: false) }
        }
        let id = UUID()
        try execute(
            """
            INSERT INTO transcriptions (id, audio_file_id, model, options, channels, language, name, range_of, is_provisional, queued_at)
            VALUES (\(id), \(audioFile), \(wanted.request.model), \(options)::jsonb, \(wanted.channels),
                    \(wanted.request.options.language?.code), \(name), \(wanted.rangeOf), \(wanted.isProvisional), clock_timestamp())
            """
        )
        try enqueue(.prepare, for: id)
        try announceTranscription(id, .created)
        return AcceptedTranscription(transcription: try existingTranscription(id), isNew: true)
    }
}
