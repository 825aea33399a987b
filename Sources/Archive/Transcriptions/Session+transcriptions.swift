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
            SELECT t.id, t.state, t.model, t.options::text, t.channels, t.language, t.language_probability, t.prepared_until_ms,
                   t.is_prepared, t.stored_until_ms, t.heard_ms, t.duration_ms, t.processing_ms, t.error_code, t.error_message,
                   t.created_at, t.completed_at, t.name, array_to_json(t.tags)::text, t.revision, t.range_of,
                   f.id, f.original_filename, f.stored_filename, f.size_bytes, f.media_type, f.duration_ms, f.uploaded_at
            FROM transcriptions t JOIN audio_files f ON f.id = t.audio_file_id
            \(sql: rest)
            """
        return try rows(
            select,
            as: (
                UUID, TranscriptionState, String, TranscriptionOptions, Int, String?, Double?, Timestamp,
                Bool, Timestamp, Timestamp, Timestamp?, Timestamp, String?, String?,
                Date, Date?, String?, Tags, Int, UUID?,
                UUID, String, String, Int64, String, Timestamp?, Date
            ).self
        ).map { row in
            Transcription(
                id: row.0,
                audioFile: AudioFile(
                    id: row.21,
                    originalFilename: row.22,
                    storedFilename: row.23,
                    sizeBytes: row.24,
                    mediaType: row.25,
                    duration: row.26,
                    uploadedAt: row.27
                ),
                request: TranscriptionRequest(model: row.2, options: row.3),
                name: row.17,
                tags: row.18.list,
                revision: row.19,
                rangeOf: row.20,
                state: row.1,
                channels: row.4,
                language: row.5,
                languageProbability: row.6,
                preparedUntil: row.7,
                isPrepared: row.8,
                storedUntil: row.9,
                heard: row.10,
                duration: row.11,
                processingTime: row.12,
                failure: row.13.map { TranscriptionFailure(code: $0, message: row.14 ?? "") },
                createdAt: row.15,
                completedAt: row.16
            )
        }
    }

    /// Tells every process that something about a transcription changed, and what, once this transaction commits.
    func announce(_ id: UUID, _ kind: ArchiveEvent.Kind = .status) throws {
        try execute("SELECT pg_notify(\(Archive.transcriptionChannel), \(id.uuidString.lowercased()))")
        try beforeCommit { session in
            try session.record(kind, of: id.uuidString.lowercased(), EventDetails(id, try session.transcription(id)))
        }
    }

    /// Tells every worker that there may be a job to take, once this transaction commits.
    func announceJobs() throws {
        try execute("SELECT pg_notify(\(Archive.jobChannel), '')")
    }
}

/// The tags of a transcription, read as a JSON array.
private struct Tags: PostgresDecodable {
    let list: [String]

    static func decode(_ text: String?) -> Tags? {
        text.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }.map(Tags.init)
    }
}

extension Archive {
    static let transcriptionChannel = "earshot_transcriptions"
    static let jobChannel = "earshot_jobs"
}
