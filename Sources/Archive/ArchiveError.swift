import Foundation
import Postgres

/// Why a store refuses a request.
package enum ArchiveError: Error, Equatable {
    case transcriptionNotFound(UUID)
    case audioFileNotFound(UUID)
    /// The transcription has no revision of this number.
    case revisionNotFound(Int)
    /// The text was changed in the meantime: this is the current revision.
    case revisionConflict(current: Int)
    /// The request works on the model's text, but an edited revision is current.
    case edited(revision: Int)
    case uploadTooLarge(limitBytes: Int64)
    case diskFull(freeBytes: Int64)
    /// There is no resumable upload of that id; it may have expired.
    case uploadNotFound(UUID)
    /// Another request is sending bytes of the same upload.
    case uploadInUse(UUID)
    /// More bytes arrived than the upload was announced to have.
    case uploadOverflow(lengthBytes: Int64)
    /// A transcription in this state does not allow the request.
    case notPossible(TranscriptionState)
    /// A search query has too many characters or terms.
    case queryTooLong
    /// A search took longer than it may.
    case searchTooBroad
    /// The database does not answer, or its connection broke.
    case databaseAway
    /// The database is busy: no connection, or no lock, was free in time, or a statement took too long.
    case databaseBusy
    /// A text holds a character that the database can't store: NUL.
    case textNotStorable

    /// The meaning of a database's error for the caller; nil where only Earshot itself can be at fault.
    package init?(cause: any Error) {
        guard let error = cause as? PostgresError else { return nil }
        switch error.state {
        // character_not_in_repertoire and, where the text is in JSON, untranslatable_character.
        case "22021", "22P05": self = .textNotStorable
        case _ where error.isTimeout: self = .databaseBusy
        default:
            guard error.isConnectionFailure else { return nil }
            self = .databaseAway
        }
    }
}
