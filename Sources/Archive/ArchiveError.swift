import Foundation
import Postgres
import SystemPackage

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
    /// The disk of the recordings has no room, or may not be written to.
    case diskFull(freeBytes: Int64)
    /// The disk has too little room for the sound of a recording while it is transcribed.
    case noRoom(neededBytes: Int64, freeBytes: Int64)
    /// The folder of recordings is missing, or can't be read or written; the reason is the system's, without paths.
    case folderUnavailable(reason: String)
    /// This process has too little memory, or too many files or processes.
    case machineBusy(reason: String)
    /// There is no resumable upload of that id; it may have expired.
    case uploadNotFound(UUID)
    /// Another request is sending bytes of the same upload.
    case uploadInUse(UUID)
    /// More bytes arrived than the upload was announced to have.
    case uploadOverflow(lengthBytes: Int64)
    /// As many uploads as are allowed at once are unfinished.
    case tooManyUploads(limit: Int)
    /// A transcription in this state does not allow the request.
    case notPossible(TranscriptionState)
    /// A search query has too many characters or terms.
    case queryTooLong
    /// A search took longer than it may.
    case searchTooBroad
    /// The database does not answer, or its connection broke.
    case databaseAway
    /// The database has no more room on its disk.
    case databaseFull
    /// The database has no connection, lock or memory to spare, or took too long.
    case databaseBusy
    /// A text holds a character that the database can't store: NUL.
    case textNotStorable

    /// The meaning of an error of the database or the file system for the caller; nil where only Earshot itself can be at fault.
    package init?(cause: any Error) {
        switch cause {
        case let error as ArchiveError: self = error
        case let error as PostgresError: self.init(error)
        case let error as Errno: self.init(error)
        default: return nil
        }
    }

    private init?(_ error: PostgresError) {
        switch error.state {
        // character_not_in_repertoire and, where the text is in JSON, untranslatable_character.
        case "22021", "22P05": self = .textNotStorable
        case "53100": self = .databaseFull
        // Too little memory, too many connections, a limit of the server.
        case "53000", "53200", "53300", "53400": self = .databaseBusy
        // It fails over and may only be read, or its own disk fails.
        case "25006", "58000", "58030": self = .databaseAway
        case _ where error.isTimeout: self = .databaseBusy
        default:
            guard error.isConnectionFailure else { return nil }
            self = .databaseAway
        }
    }

    private init?(_ error: Errno) {
        switch error {
        case .noSpace, .diskQuotaExceeded, .readOnlyFileSystem: self = .diskFull(freeBytes: 0)
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .resourceTemporarilyUnavailable:
            self = .machineBusy(reason: error.description)
        // The folder is away, closed to this user, or on a disk or a server that fails.
        case .noSuchFileOrDirectory, .notDirectory, .permissionDenied, .notPermitted, .ioError, .noSuchAddressOrDevice,
            .operationNotSupportedByDevice, .staleNFSFileHandle, .socketNotConnected, .hostIsDown, .noRouteToHost, .timedOut:
            self = .folderUnavailable(reason: error.description)
        default: return nil
        }
    }
}
