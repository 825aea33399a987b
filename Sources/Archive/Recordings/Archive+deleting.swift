import Foundation
import Logging
import Postgres

extension Archive {
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
            try session.announce(id, .deleted)
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

    /// Deletes a recording with all its transcriptions, rows and disk; false if there is none of that id.
    package func deleteAudioFile(_ id: UUID) async throws -> Bool {
        let deleted = try await database.transaction { session -> (storedFilename: String, transcriptions: [UUID])? in
            let name = try session.row("SELECT stored_filename FROM audio_files WHERE id = \(id) FOR UPDATE", as: String.self)
            guard let name else { return nil }
            // Older ones first, as a worker does that ends the transcription of a stretch: so no two wait for each other.
            let ids = try session.rows(
                "SELECT id FROM transcriptions WHERE audio_file_id = \(id) ORDER BY created_at, id FOR UPDATE",
                as: UUID.self
            )
            try session.execute("DELETE FROM audio_files WHERE id = \(id)")
            for id in ids { try session.announce(id, .deleted) }
            return (name, ids)
        }
        guard let deleted else { return false }
        for id in deleted.transcriptions { await files.removeSpool(of: id) }
        await files.remove(deleted.storedFilename)
        return true
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
}
