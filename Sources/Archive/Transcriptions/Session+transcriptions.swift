import Foundation
import Postgres
import Transcripts

extension Session {
    func transcription(_ id: UUID) throws -> Transcription? {
        try transcriptions("WHERE t.id = \(id)").first
    }

    /// Transcriptions with their audio files; the rest of the statement may name them `t` and `f`.
    func transcriptions(_ rest: SQL) throws -> [Transcription] {
        let select: SQL = """
            SELECT t.id, t.state, t.model, t.task, t.requested_language, t.prompt, t.language, t.stored_until_ms, t.heard_until_ms,
                   t.duration_ms, t.processing_ms, t.error_code, t.error_message, t.created_at, t.completed_at,
                   f.id, f.original_filename, f.stored_filename, f.size_bytes, f.media_type, f.duration_ms, f.uploaded_at
            FROM transcriptions t JOIN audio_files f ON f.id = t.audio_file_id
            \(sql: rest)
            """
        return try rows(
            select,
            as: (
                UUID, TranscriptionState, String, TranscriptionTask, String?, String?, String?, Timestamp, Timestamp,
                Timestamp?, Timestamp, String?, String?, Date, Date?,
                UUID, String, String, Int64, String, Timestamp?, Date
            ).self
        ).map { row in
            Transcription(
                id: row.0,
                audioFile: AudioFile(
                    id: row.15,
                    originalFilename: row.16,
                    storedFilename: row.17,
                    sizeBytes: row.18,
                    mediaType: row.19,
                    duration: row.20,
                    uploadedAt: row.21
                ),
                request: TranscriptionRequest(model: row.2, language: row.4, task: row.3, prompt: row.5),
                state: row.1,
                language: row.6,
                storedUntil: row.7,
                heardUntil: row.8,
                duration: row.9,
                processingTime: row.10,
                failure: row.11.map { TranscriptionFailure(code: $0, message: row.12 ?? "") },
                createdAt: row.13,
                completedAt: row.14
            )
        }
    }

    /// Tells every process that something about a transcription changed, once this transaction commits.
    func announce(_ id: UUID) throws {
        try execute("SELECT pg_notify(\(Archive.transcriptionChannel), \(id.uuidString.lowercased()))")
    }
}

extension Archive {
    static let transcriptionChannel = "earshot_transcriptions"
    static let jobChannel = "earshot_jobs"
}
