import Foundation
import Postgres
import Transcripts

extension Session {
    func transcription(_ id: UUID) throws -> Transcription? {
        try transcriptions("WHERE t.id = \(id)").first
    }

    /// Transcriptions with their audio files; the rest of the statement may name them `t` and `f`.
    func transcriptions(_ rest: SQL) throws -> [Transcription] {
        try rows(
            """
            SELECT t.id, t.state, t.model, t.options::text, t.channels, t.language, t.language_probability, t.prepared_until_ms,
                   t.is_prepared, t.stored_until_ms, t.processed_ms, t.duration_ms, t.processing_ms, t.error_code, t.error_message,
                   t.damage_message, t.damage_read_ms,
                   t.created_at, t.completed_at, t.name, array_to_json(t.tags)::text, t.revision, t.range_of,
                   f.id, f.original_filename, f.stored_filename, f.size_bytes, f.media_type, f.duration_ms, f.uploaded_at
            FROM transcriptions t JOIN audio_files f ON f.id = t.audio_file_id
            \(sql: rest)
            """,
            as: Transcription.self
        )
    }

    /// A transcription that this transaction has locked or inserted.
    func existingTranscription(_ id: UUID) throws -> Transcription {
        guard let transcription = try transcription(id) else { throw ArchiveError.transcriptionNotFound(id) }
        return transcription
    }
}

extension Transcription: PostgresRow {
    /// Reads the columns in the order of the SELECT above.
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        state = try row.next()
        request = TranscriptionRequest(model: try row.next(), options: try row.next())
        channels = try row.next()
        language = try row.next()
        languageProbability = try row.next()
        preparedUntil = try row.next()
        isPrepared = try row.next()
        storedUntil = try row.next()
        processed = try row.next()
        duration = try row.next()
        processingTime = try row.next()
        let (code, message): (String?, String?) = (try row.next(), try row.next())
        failure = code.map { TranscriptionFailure(code: $0, message: message ?? "") }
        let (damaged, readUntil): (String?, Timestamp?) = (try row.next(), try row.next())
        damage = damaged.map { Damage(message: $0, readUntil: readUntil ?? .zero) }
        createdAt = try row.next()
        completedAt = try row.next()
        name = try row.next()
        tags = try row.next(Tags.self).list
        revision = try row.next()
        rangeOf = try row.next()
        audioFile = try AudioFile(&row)
    }
}

extension AudioFile: PostgresRow {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        originalFilename = try row.next()
        storedFilename = try row.next()
        sizeBytes = try row.next()
        mediaType = try row.next()
        duration = try row.next()
        uploadedAt = try row.next()
    }
}

/// The tags of a transcription, read as a JSON array.
private struct Tags: PostgresDecodable {
    let list: [String]

    static func decode(_ text: String?) -> Tags? {
        text.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }.map(Tags.init)
    }
}
