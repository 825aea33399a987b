import Foundation
import Postgres
import Transcripts

extension Archive {
    /// Queues the transcription of a stretch of a recording; what comes of it replaces that stretch in a transcript that is there.
    ///
    /// The request's options say where the stretch begins and ends. The result is a transcription of its own as well.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, or `.notPossible` unless the transcript is complete.
    package func transcribeRange(of id: UUID, channels: Int, request: TranscriptionRequest) async throws -> Transcription {
        try await database.transaction { session in
            let file = try session.row("SELECT audio_file_id FROM transcriptions WHERE id = \(id)", as: UUID.self)
            guard let file else { throw ArchiveError.transcriptionNotFound(id) }
            try session.lockFile(file)
            let state = try session.lockText(of: id).state
            guard state == .completed else { throw ArchiveError.notPossible(state) }
            let wanted = WantedTranscription(request: request, channels: channels, wantsDuplicate: true, rangeOf: id)
            return try session.transcribe(file, wanted).transcription
        }
    }
}

extension Session {
    /// Locks the transcription in which another one replaces a stretch; nil if there is none, or it was deleted.
    ///
    /// It is locked before the other one, as who deletes it does.
    func lockOriginal(ofRange id: UUID) throws -> UUID? {
        let original = try row("SELECT range_of FROM transcriptions WHERE id = \(id)", as: UUID?.self)
        guard case .some(let original?) = original else { return nil }
        return try row("SELECT id FROM transcriptions WHERE id = \(original) AND state = 'completed' FOR NO KEY UPDATE", as: UUID.self)
    }

    /// Puts the text of a stretch that was transcribed again in the place of what was there, as a new revision.
    func replaceRange(in original: UUID, with id: UUID) throws {
        guard let range = try transcription(id), let whole = try transcription(original) else { return }
        let options = range.request.options
        let text = try segments(of: original).map(\.segment).replacing(
            from: options.start ?? .zero,
            to: options.end ?? Timestamp(milliseconds: .max),
            with: try segments(of: id).map(\.segment)
        )
        try addRevision(of: original, madeFrom: whole.revision, text)
        try announce(original, .changed)
    }
}
