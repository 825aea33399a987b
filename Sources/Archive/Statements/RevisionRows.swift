import Foundation
import Postgres
import Transcripts

extension Session {
    /// Refuses a revision that a transcription never had.
    func checkRevision(_ number: Int, of id: UUID) throws {
        guard number != 0 else { return }
        let found = try row("SELECT 1 FROM revisions WHERE transcription_id = \(id) AND number = \(number)", as: Int.self)
        guard found != nil else { throw ArchiveError.revisionNotFound(number) }
    }

    /// Stores a new text of a transcription that this transaction has locked, and makes it the current one.
    func addRevision(of id: UUID, madeFrom: Int, _ text: SegmentBatch) throws {
        let number = try row("SELECT coalesce(max(number), 0) + 1 FROM revisions WHERE transcription_id = \(id)", as: Int.self) ?? 1
        try execute("INSERT INTO revisions (transcription_id, number, made_from) VALUES (\(id), \(number), \(madeFrom))")
        try insert(text, of: id, revision: number)
        try makeCurrent(number, of: id)
    }

    /// Makes a text of a transcription that this transaction has locked the current one.
    func makeCurrent(_ number: Int, of id: UUID) throws {
        try execute("UPDATE transcriptions SET revision = \(number), has_unindexed = true WHERE id = \(id)")
    }

    /// Replaces a stretch of a text by the text of the transcription that was made for it, as a new revision.
    func replaceRange(in original: UUID, with id: UUID) throws {
        guard let range = try transcription(id), let whole = try transcription(original) else { return }
        let options = range.request.options
        let text = try shownSegments(of: original).map(\.segment).replacing(
            from: options.start ?? .zero,
            to: options.end ?? Timestamp(milliseconds: .max),
            with: try shownSegments(of: id).map(\.segment)
        )
        try addRevision(of: original, madeFrom: whole.revision, SegmentBatch(text: text))
        try announceTranscription(original, .changed)
    }
}
