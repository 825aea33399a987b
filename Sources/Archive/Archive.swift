import Foundation
import Postgres
import SystemPackage

/// All that is kept: audio files on disk, and everything known about them in the database.
package struct Archive: Sendable {
    let database: Database
    /// The folder of audio files.
    package let files: AudioFiles

    /// An archive over a database that has been brought up to date with `migrate`.
    package init(database: Database, files: AudioFiles) {
        self.database = database
        self.files = files
    }

    /// Brings the tables up to date; safe when several processes start at once.
    package static func migrate(_ database: Database) async throws {
        let folder = FilePath(Bundle.module.bundlePath).appending("migrations")
        try await Migrator(migrations: Migrator.migrations(in: folder)).migrate(database)
    }

    /// Throws when the database does not answer.
    package func checkDatabase() async throws {
        try await database.read { session in
            _ = try session.execute("SELECT 1")
        }
    }
}

/// Why the archive refuses something.
package enum ArchiveError: Error, Equatable {
    case transcriptionNotFound(UUID)
    case audioFileNotFound(UUID)
    /// The transcription has no revision of this number.
    case revisionNotFound(Int)
    /// Somebody else has changed the text since: this is the revision that counts now.
    case revisionConflict(current: Int)
    /// What was asked for works on the machine's text, but another revision counts.
    case edited(revision: Int)
    case uploadTooLarge(limitBytes: Int64)
    case diskFull(freeBytes: Int64)
    /// There is no upload in several requests of that id; perhaps there was one, and it expired.
    case uploadNotFound(UUID)
    /// Another request is bringing bytes of the same upload.
    case uploadInUse(UUID)
    /// More bytes came than the upload was announced to have.
    case uploadOverflow(lengthBytes: Int64)
    /// What was asked for can't be done to a transcription in this state.
    case notPossible(TranscriptionState)
    /// A search query has too many characters or terms.
    case queryTooLong
    /// A search took longer than it may.
    case searchTooBroad
    /// The database does not answer, or its connection broke.
    case databaseAway
    /// A text holds a character that the database can't store: NUL.
    case textNotStorable

    /// What an error that came up from the database means to whoever asked; nil where only Earshot itself can be at fault.
    package init?(cause: any Error) {
        guard let error = cause as? PostgresError else { return nil }
        switch error.state {
        // character_not_in_repertoire and, where the text stands in JSON, untranslatable_character.
        case "22021", "22P05": self = .textNotStorable
        default:
            guard error.isConnectionFailure else { return nil }
            self = .databaseAway
        }
    }
}
