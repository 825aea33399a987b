import Archive
import Audio
import ModelLibrary
import Speech

extension TranscriptionFailure {
    /// The failure for an error that a retry would meet again; nil for errors that may pass.
    init?(final error: any Error) {
        switch error {
        case let error as AudioError:
            switch error {
            case .toolMissing, .timedOut, .fileMissing, .machineFailed, .toolCrashed, .busy: return nil
            default: self.init(code: error.code, message: error.description)
            }
        case let error as ModelLibraryError:
            self.init(code: error.code, message: error.description)
        case let error as ModelDoesNotFit:
            self.init(code: "model_does_not_fit", message: error.description)
        case SpeechError.modelUnreadable:
            self.init(code: "model_unreadable", message: "The model's file is damaged or of another kind.")
        case let error as TimeLimitExceeded:
            let seconds = error.limit.components.seconds
            self.init(
                code: "time_limit",
                message: "A part of the work took longer than \(seconds) s, the limit set by JOB_TIME_LIMIT_SECONDS."
            )
        default: return nil
        }
    }

    /// The failure when the last retry failed, too.
    init(afterRetries error: any Error) {
        switch error {
        case let error as AudioError:
            self.init(code: error.code, message: error.description)
        case ArchiveError.diskFull:
            self.init(code: "disk_full", message: "The server's disk is full.")
        default:
            self.init(code: "engine_failed", message: "The transcription failed \(Retry.limit) times in a row.")
        }
    }
}
