import Foundation
import Postgres
import Transcripts

/// All transcriptions: to find, list and count, to control, and to delete.
package struct Library: Sendable {
    let database: Database
    let folder: RecordingFolder

    /// A transcription; nil if there is none of that id.
    package func find(_ id: UUID) async throws -> Transcription? {
        try await database.read { session in try session.transcription(id) }
    }

    /// The transcriptions that match a filter, in an order; the total is that of all that match.
    ///
    /// - Parameters:
    ///   - limit: The most to return.
    ///   - offset: How many to leave out; for pages by number.
    ///   - position: The last one that was seen, in the same order; for pages that stay right while the list grows.
    package func list(
        _ filter: LibraryFilter = LibraryFilter(),
        order: LibraryOrder = .newestFirst,
        limit: Int,
        offset: Int = 0,
        after position: LibraryPosition? = nil
    ) async throws -> Page<Transcription> {
        try await database.read { session in
            let total = try session.row(
                "SELECT count(*) FROM transcriptions t JOIN audio_files f ON f.id = t.audio_file_id WHERE \(sql: filter.condition)",
                as: Int.self
            )
            let items = try session.transcriptions(
                """
                WHERE \(sql: filter.condition) AND \(sql: position.map(order.condition) ?? "true")
                ORDER BY \(sql: order.clause) LIMIT \(limit)::bigint OFFSET \(offset)::bigint
                """
            )
            return Page(items: items, total: total ?? 0)
        }
    }

    /// The beginnings of the current texts of some transcriptions, by id: a list of books must not become as long as the books.
    package func textBeginnings(of transcriptions: [Transcription]) async throws -> [UUID: TextBeginning] {
        let ids = transcriptions.map(\.id)
        let separators = transcriptions.map { $0.textLanguage?.wordSeparator ?? " " }
        return try await database.read { session in
            let (segments, characters) = (TextBeginning.mostSegments, TextBeginning.mostCharacters)
            let found = try session.rows(
                """
                SELECT t.id, left(b.text, \(characters)::integer), length(b.text) > \(characters)::integer OR EXISTS (
                    SELECT FROM segments s WHERE s.transcription_id = t.id AND s.revision = t.revision AND s.ordinal >= \(segments)::bigint
                )
                FROM unnest(\(ids)::uuid[], \(separators)::text[]) AS w (id, separator)
                JOIN transcriptions t ON t.id = w.id
                CROSS JOIN LATERAL (
                    SELECT string_agg(s.text, w.separator ORDER BY s.ordinal) AS text FROM segments s
                    WHERE s.transcription_id = t.id AND s.revision = t.revision AND s.ordinal < \(segments)::bigint
                ) b
                """,
                as: (UUID, String?, Bool?).self
            )
            let beginnings = found.map { ($0.0, TextBeginning(text: $0.1 ?? "", isTruncated: $0.2 ?? false)) }
            return Dictionary(beginnings, uniquingKeysWith: { first, _ in first })
        }
    }

    package func statistics() async throws -> LibraryStatistics {
        try await database.read { session in try LibraryStatistics(session) }
    }

    /// The place in the queue and the time left, from the time that blocks of the same model took lately.
    package func estimate(of transcription: Transcription) async throws -> Estimate {
        guard !transcription.state.isFinal else { return Estimate() }
        return try await database.read { session in try Estimate(of: transcription, session) }
    }

    // MARK: - Control

    /// Stops a transcription for good; the segments so far are kept. A worker that holds one of its jobs loses the lease.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, or `.notPossible` if it has ended already.
    package func cancel(_ id: UUID) async throws -> Transcription {
        let cancelled = try await change(id, to: .cancelled, from: [.pending, .processing, .paused]) { session, _ in
            try session.removeJobs(of: id)
        }
        await folder.removeSpool(of: id)
        return cancelled
    }

    /// Pauses a transcription until it is resumed; the segments so far are kept.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, or `.notPossible` if it has ended or is paused already.
    package func pause(_ id: UUID) async throws -> Transcription {
        try await change(id, to: .paused, from: [.pending, .processing]) { session, _ in
            // A new attempt's number ends the leases that workers hold.
            try session.execute(
                """
                UPDATE jobs SET attempt = attempt + 1, lease_until = NULL, worker = NULL, taken_at = NULL WHERE transcription_id = \(id)
                """
            )
        }
    }

    /// Resumes a paused transcription.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, or `.notPossible` if it is not paused.
    package func resume(_ id: UUID) async throws -> Transcription {
        try await change(id, to: .pending, from: [.paused]) { session, _ in
            try session.announceJobs()
        }
    }

    /// Continues a transcription that failed or was cancelled from where it stopped.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound`, `.notPossible` if it is neither, or `.edited` while an edited text is current.
    package func retry(_ id: UUID) async throws -> Transcription {
        try await change(id, to: .pending, from: [.failed, .cancelled]) { session, revision in
            guard revision == 0 else { throw ArchiveError.edited(revision: revision) }
            try session.execute("UPDATE transcriptions SET queued_at = clock_timestamp() WHERE id = \(id)")
            // Its spool is gone, so it is decoded again; that queues the blocks that are left.
            try session.enqueue(.prepare, for: id)
        }
    }

    private func change(
        _ id: UUID,
        to state: TranscriptionState,
        from states: Set<TranscriptionState>,
        _ work: @escaping @Sendable (_ session: Session, _ revision: Int) throws -> Void
    ) async throws -> Transcription {
        try await database.transaction { session in
            guard let current = try session.lockTranscription(id) else { throw ArchiveError.transcriptionNotFound(id) }
            guard states.contains(current.state) else { throw ArchiveError.notPossible(current.state) }
            try session.execute(
                "UPDATE transcriptions SET state = \(state.rawValue), error_code = NULL, error_message = NULL WHERE id = \(id)"
            )
            try work(session, current.revision)
            try session.announceTranscription(id, state == .cancelled ? .cancelled : .status)
            return try session.existingTranscription(id)
        }
    }

    /// Marks every transcription as failed that waits for a model which is not available.
    package func failAll(waitingFor model: String, _ failure: TranscriptionFailure) async throws {
        let failed = try await database.transaction { session in
            let ids = try session.rows(
                """
                UPDATE transcriptions SET state = 'failed', error_code = \(failure.code), error_message = \(failure.message)
                WHERE model = \(model) AND state IN ('pending', 'processing') RETURNING id
                """,
                as: UUID.self
            )
            try session.execute("DELETE FROM jobs WHERE transcription_id = ANY (\(ids))")
            for id in ids { try session.announceTranscription(id, .failed) }
            return ids
        }
        for id in failed { await folder.removeSpool(of: id) }
    }

    // MARK: - Keeping and deleting

    /// Makes a provisional transcription permanent; any other one is permanent already.
    package func keepProvisional(_ id: UUID) async throws {
        try await database.transaction { session in
            _ = try session.execute("UPDATE transcriptions SET is_provisional = false WHERE id = \(id) AND is_provisional")
        }
    }

    /// Deletes a transcription with its recording if it is provisional; any other one stays.
    package func withdrawProvisional(_ id: UUID) async throws {
        let isProvisional = try await database.read { session in
            try session.row("SELECT is_provisional FROM transcriptions WHERE id = \(id)", as: Bool.self) ?? false
        }
        if isProvisional { _ = try await delete(id) }
    }

    /// Deletes a transcription, and its recording, row and file, if no other transcription uses that; false if there is none of that id.
    ///
    /// A file that can't be removed now is removed later: see `DoomedFiles`.
    package func delete(_ id: UUID) async throws -> Bool {
        let doomed = try await database.transaction { [folder] session -> [String]? in
            // Locks the recording's row, so that two deletions of its last two transcriptions can't both see the other's.
            let file = try session.row(
                """
                SELECT f.id, f.stored_filename FROM audio_files f JOIN transcriptions t ON t.audio_file_id = f.id
                WHERE t.id = \(id) FOR UPDATE OF f
                """,
                as: (UUID, String).self
            )
            guard let (fileID, storedFilename) = file else { return nil }
            guard try session.execute("DELETE FROM transcriptions WHERE id = \(id)") == 1 else { return nil }
            try session.announceTranscription(id, .deleted)
            let removed = try session.execute(
                """
                DELETE FROM audio_files f WHERE f.id = \(fileID)
                AND NOT EXISTS (SELECT FROM transcriptions t WHERE t.audio_file_id = f.id)
                """
            )
            let files = [folder.spoolName(of: id)] + (removed == 1 ? [storedFilename] : [])
            try session.doom(files)
            return files
        }
        guard let doomed else { return false }
        await DoomedFiles(database: database, folder: folder).removeNow(doomed)
        return true
    }
}

/// A part of a longer list.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// How many there are in all.
    package var total: Int
}
