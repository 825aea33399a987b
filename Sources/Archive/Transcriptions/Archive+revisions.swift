import Foundation
import Postgres
import Transcripts

/// One of the texts that a transcription has had.
package struct Revision: Sendable, Hashable {
    /// 0 is the machine's text, the others count up.
    package var number: Int
    /// The revision that was edited; nil for the machine's text.
    package var madeFrom: Int?
    /// When it was made; nil while the machine's text is not complete.
    package var madeAt: Date?
    /// How many segments it has.
    package var segments: Int
}

/// What somebody wants to be different about a transcription; what is nil stays.
package struct TranscriptionChange: Sendable {
    /// A whole text as it is to be.
    package struct Text: Sendable {
        package var segments: [EditedSegment]
        /// The revision that was edited.
        package var editedFrom: Int

        package init(segments: [EditedSegment], editedFrom: Int) {
            self.segments = segments
            self.editedFrom = editedFrom
        }
    }

    /// What to call it; empty for the name of the recording's file again.
    package var name: String?
    package var tags: [String]?
    package var text: Text?

    package init() {}
}

extension Archive {
    /// Changes a transcription: all that is asked for, or nothing.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`; where the text is to be changed also `.notPossible` while the machine is at it, and
    ///   `.revisionConflict` if another revision than the edited one counts.
    package func change(_ id: UUID, _ change: TranscriptionChange) async throws -> Transcription {
        try await database.transaction { session in
            let text = try session.lockText(of: id)
            if let name = change.name {
                try session.execute("UPDATE transcriptions SET name = \(name.isEmpty ? nil : name) WHERE id = \(id)")
            }
            if let tags = change.tags {
                try session.execute("UPDATE transcriptions SET tags = \(tags)::text[] WHERE id = \(id)")
            }
            if let edit = change.text {
                guard text.state.isFinal else { throw ArchiveError.notPossible(text.state) }
                guard text.revision == edit.editedFrom else { throw ArchiveError.revisionConflict(current: text.revision) }
                let old = try session.segments(of: id).map(\.segment)
                try session.addRevision(of: id, madeFrom: text.revision, EditedSegment.segments(edit.segments, editedFrom: old))
            }
            return try session.announceChange(of: id)
        }
    }

    /// All the texts that a transcription has had, the machine's first.
    package func revisions(of id: UUID) async throws -> [Revision] {
        try await database.read { session in
            try session.rows(
                """
                SELECT r.number, r.made_from, r.made_at,
                    (SELECT count(*) FROM segments s WHERE s.transcription_id = \(id) AND s.revision = r.number AND s.ordinal IS NOT NULL)
                FROM (
                    SELECT 0::bigint AS number, NULL::bigint AS made_from, completed_at AS made_at FROM transcriptions WHERE id = \(id)
                    UNION ALL SELECT number, made_from, made_at FROM revisions WHERE transcription_id = \(id)
                ) r ORDER BY r.number
                """,
                as: (Int, Int?, Date?, Int).self
            ).map { Revision(number: $0.0, madeFrom: $0.1, madeAt: $0.2, segments: $0.3) }
        }
    }

    /// Makes a text that was there before count again; none is lost.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, `.revisionNotFound`, or `.notPossible` while the machine is at it.
    package func restore(revision: Int, of id: UUID) async throws -> Transcription {
        try await database.transaction { session in
            let text = try session.lockText(of: id)
            guard text.state.isFinal else { throw ArchiveError.notPossible(text.state) }
            try session.checkRevision(revision, of: id)
            try session.execute("UPDATE transcriptions SET revision = \(revision) WHERE id = \(id)")
            return try session.announceChange(of: id)
        }
    }
}

extension Session {
    /// Locks a transcription, so that nobody else changes its text before this transaction is over, and tells how it stands.
    func lockText(of id: UUID) throws -> (state: TranscriptionState, revision: Int) {
        let text = try row(
            "SELECT state, revision FROM transcriptions WHERE id = \(id) FOR NO KEY UPDATE",
            as: (TranscriptionState, Int).self
        )
        guard let text else { throw ArchiveError.transcriptionNotFound(id) }
        return (text.0, text.1)
    }

    /// Refuses a revision that a transcription never had.
    func checkRevision(_ number: Int, of id: UUID) throws {
        guard number != 0 else { return }
        let found = try row("SELECT 1 FROM revisions WHERE transcription_id = \(id) AND number = \(number)", as: Int.self)
        guard found != nil else { throw ArchiveError.revisionNotFound(number) }
    }

    /// Stores a new text of a transcription that this transaction has locked, and makes it count.
    func addRevision(of id: UUID, madeFrom: Int, _ segments: [Segment]) throws {
        let number = try row("SELECT coalesce(max(number), 0) + 1 FROM revisions WHERE transcription_id = \(id)", as: Int.self) ?? 1
        try execute("INSERT INTO revisions (transcription_id, number, made_from) VALUES (\(id), \(number), \(madeFrom))")
        for (place, segment) in segments.enumerated() {
            try insert(segment, of: id, revision: number, place: place, ordinal: place)
        }
        try execute("UPDATE transcriptions SET revision = \(number) WHERE id = \(id)")
    }

    fileprivate func announceChange(of id: UUID) throws -> Transcription {
        try announce(id, .changed)
        guard let changed = try transcription(id) else { throw ArchiveError.transcriptionNotFound(id) }
        return changed
    }
}
