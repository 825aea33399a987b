import Foundation
import Postgres
import SystemPackage
import Transcripts

/// What became of a request for a transcription.
package struct AcceptedTranscription: Sendable, Hashable {
    package var transcription: Transcription
    /// False for one that was there already: the same sound, model and options.
    package var isNew: Bool

    package init(transcription: Transcription, isNew: Bool) {
        self.transcription = transcription
        self.isNew = isNew
    }
}

extension Archive {
    /// Keeps an upload and queues its transcription: the file, both rows and the job, or none of them.
    ///
    /// Of a recording that is here already only one file is kept; and a transcription that was asked for in the same way before, and has not
    /// failed, is returned as it stands.
    ///
    /// - Parameters:
    ///   - received: The upload, whole and flushed; if this throws it is discarded, unless it came in several requests.
    ///   - filename: What the client calls it; only its last path component is kept, at most 255 characters.
    ///   - duration: What the container states, if it does.
    ///   - channels: How many channels are to be transcribed one by one; 1 for a mix of all.
    ///   - wantsDuplicate: Whether to transcribe also what was transcribed in the same way before.
    ///   - isProvisional: Whether it belongs to a client that waits for it: until `keep` nobody else is given it, and `withdraw` deletes it.
    ///     One that was there before belongs to everybody, and stays.
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
        let storedFilename = fileID.uuidString.lowercased() + Self.safeExtension(of: name)
        let files = files
        let wanted = WantedTranscription(
            request: request,
            channels: channels,
            wantsDuplicate: wantsDuplicate,
            isProvisional: isProvisional
        )
        do {
            let accepted = try await database.transaction { session in
                let known = try session.lockFile(sha256: received.sha256, size: received.size)
                if known == nil {
                    try session.execute(
                        """
                        INSERT INTO audio_files (id, original_filename, stored_filename, size_bytes, sha256, media_type, duration_ms)
                        VALUES (\(fileID), \(name), \(storedFilename), \(received.size), \(received.sha256), \(mediaType),
                                \(duration?.milliseconds))
                        """
                    )
                }
                let accepted = try session.transcribe(
                    known?.id ?? fileID,
                    wanted,
                    name: known.flatMap { $0.originalFilename == name ? nil : name }
                )
                if let upload = received.resumable { try session.note(accepted.transcription.id, asOutcomeOf: upload) }
                // The last thing that can fail before the commit: a row never names a file that is not there. A file that somebody took
                // out of the folder comes back.
                let stored = known?.storedFilename ?? storedFilename
                if known == nil || !files.has(stored) { try files.keep(received, as: stored) }
                return accepted
            }
            // Where the file was there already, this copy is not needed.
            await files.discard(received)
            return accepted
        } catch {
            await files.takeBack(received, from: storedFilename)
            throw error
        }
    }

    /// Notes what was found in a recording's file, if nobody has done so before.
    ///
    /// - Parameter duration: What the container states, if it does.
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

    /// Queues another transcription of a recording that is here, or returns the one that was asked for in the same way before.
    ///
    /// - Throws: `ArchiveError.audioFileNotFound`.
    package func transcribe(
        _ audioFile: UUID,
        channels: Int = 1,
        request: TranscriptionRequest,
        wantsDuplicate: Bool = false
    ) async throws -> AcceptedTranscription {
        let wanted = WantedTranscription(request: request, channels: channels, wantsDuplicate: wantsDuplicate)
        return try await database.transaction { session in
            try session.lockFile(audioFile)
            return try session.transcribe(audioFile, wanted)
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

/// What is to be done with a recording.
struct WantedTranscription: Sendable {
    var request: TranscriptionRequest
    var channels = 1
    var wantsDuplicate = false
    var isProvisional = false
    /// The transcription in which the result replaces a stretch.
    var rangeOf: UUID?
}

extension Session {
    /// The recording that has this content, locked so that nobody deletes it meanwhile; nil if there is none.
    ///
    /// Whoever asks for the same content waits until this transaction is over, so that of two uploads at once one becomes a file.
    fileprivate func lockFile(sha256: String, size: Int64) throws -> (id: UUID, storedFilename: String, originalFilename: String)? {
        try execute("SELECT pg_advisory_xact_lock(hashtextextended(\(sha256), 0))")
        return try row(
            """
            SELECT id, stored_filename, original_filename FROM audio_files WHERE sha256 = \(sha256) AND size_bytes = \(size)
            ORDER BY uploaded_at, id LIMIT 1 FOR NO KEY UPDATE
            """,
            as: (UUID, String, String).self
        ).map { (id: $0.0, storedFilename: $0.1, originalFilename: $0.2) }
    }

    /// Locks a recording, so that nobody deletes it, or asks for another transcription of it, before this transaction is over.
    func lockFile(_ id: UUID) throws {
        let found = try row("SELECT 1 FROM audio_files WHERE id = \(id) FOR NO KEY UPDATE", as: Int.self)
        guard found != nil else { throw ArchiveError.audioFileNotFound(id) }
    }

    /// Queues a transcription of a recording that this transaction has locked, unless there is one of the same kind.
    func transcribe(_ audioFile: UUID, _ wanted: WantedTranscription, name: String? = nil) throws -> AcceptedTranscription {
        let options = try wanted.request.options.json
        if !wanted.wantsDuplicate {
            // Whoever waits for the answer wants what the model hears, now: neither what somebody holds, nor what somebody wrote instead.
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
        try announce(id, .created)
        guard let transcription = try transcription(id) else { throw ArchiveError.transcriptionNotFound(id) }
        return AcceptedTranscription(transcription: transcription, isNew: true)
    }
}
