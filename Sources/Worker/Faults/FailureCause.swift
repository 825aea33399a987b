import Archive
import Audio
import Basics
import ModelLibrary
import Speech

/// Whose fault the error of a job is, and what follows: the one table of all errors.
enum FailureCause: Sendable, Equatable {
    /// The recording's or the request's fault, which another try would meet again: the transcription fails.
    case input(TranscriptionFailure)
    /// The machine's fault: the job is put back and counts no failure. If the machine turns out to be well, the job has a fault of its own and is
    /// tried so often before the transcription fails.
    case machine(MachineFault, otherwise: TranscriptionFailure, tries: Int)
    /// Ours, or an accident: the job is tried so often, with growing pauses, before the transcription fails.
    case ours(TranscriptionFailure, tries: Int)

    init(_ error: any Error) {
        switch error {
        case let error as AudioError: self.init(audio: error)
        case let error as SpeechError: self.init(speech: error)
        case ModelLibraryError.unknownModel(let name, let installed):
            let failure = TranscriptionFailure(
                code: "unknown_model",
                message: ModelLibraryError.unknownModel(name, installed: installed).description
            )
            self = .machine(.modelMissing(name), otherwise: failure, tries: Retry.limit)
        case let error as ModelLibraryError:
            self = .input(TranscriptionFailure(code: error.code, message: error.description))
        case let error as ModelDoesNotFit:
            let failure = TranscriptionFailure(code: "model_does_not_fit", message: error.description)
            self =
                error.fitsWhenIdle
                ? .machine(.memoryFull(model: error.model, reason: error.description), otherwise: failure, tries: Retry.limit)
                : .input(failure)
        case let error as TimeLimitExceeded:
            let seconds = error.limit.components.seconds
            self = .input(
                TranscriptionFailure(
                    code: "time_limit",
                    message: "A part of the work took longer than \(seconds) s, the limit set by JOB_TIME_LIMIT_SECONDS."
                )
            )
        default:
            guard let error = ArchiveError(cause: error) else {
                self = .ours(.engine, tries: Retry.limit)
                return
            }
            self.init(archive: error)
        }
    }

    private init(audio error: AudioError) {
        let failure = TranscriptionFailure(code: error.code, message: error.description)
        switch error {
        case .empty, .unreadable, .noAudio, .tooLong, .implausible: self = .input(failure)
        // Where the whole folder is away, no file is missing. Otherwise 'retry' works once the file is back.
        case .fileMissing: self = .machine(.recordingsUnavailable(reason: "No such file or directory"), otherwise: failure, tries: 1)
        case .machineFailed(let reason): self = .machine(.recordingsUnavailable(reason: reason), otherwise: failure, tries: Retry.limit)
        case .toolMissing(let name): self = .machine(.toolMissing(name), otherwise: failure, tries: Retry.limit)
        case .busy: self = .machine(.mediaToolsBusy, otherwise: failure, tries: Retry.limit)
        case .toolCrashed(let name, let signal):
            let message =
                "The media tool crashed on it (\(name), signal \(signal)). Convert the recording to another format and upload it again."
            self = .ours(TranscriptionFailure(code: error.code, message: message), tries: 3)
        case .timedOut: self = .ours(failure, tries: 3)
        }
    }

    private init(speech error: SpeechError) {
        switch error {
        case .modelUnreadable:
            self = .input(TranscriptionFailure(code: "model_unreadable", message: "The model's file is damaged or of another kind."))
        case .languageUnknown: self = .input(TranscriptionFailure(code: "unknown_language", message: error.description))
        case .unsupported(let option): self = .input(TranscriptionFailure(code: option.code, message: error.description))
        case .memoryUnavailable, .voiceActivityUnreadable, .noProcessor, .engineFailed:
            // With the model's name, lack of memory is the machine's; see `init(_:model:)`.
            self = .ours(.engine, tries: Retry.limit)
        }
    }

    private init(archive error: ArchiveError) {
        switch error {
        case .diskFull:
            self = .machine(.diskFull, otherwise: .init(code: "disk_full", message: "The server's disk is full."), tries: Retry.limit)
        case .noRoom(let needed, let free):
            let failure = TranscriptionFailure(
                code: "disk_full",
                message:
                    "The sound of this recording needs \(ByteCount.text(needed)) of the server's disk, and \(ByteCount.text(free)) is free."
            )
            self = .machine(.noRoom(reason: failure.message), otherwise: failure, tries: Retry.limit)
        case .folderUnavailable(let reason):
            self = .machine(.recordingsUnavailable(reason: reason), otherwise: .machine(reason), tries: Retry.limit)
        case .machineBusy(let reason): self = .machine(.machineBusy(reason: reason), otherwise: .machine(reason), tries: Retry.limit)
        case .databaseAway, .databaseBusy: self = .machine(.databaseUnavailable, otherwise: .engine, tries: Retry.limit)
        case .databaseFull: self = .machine(.databaseFull, otherwise: .engine, tries: Retry.limit)
        default: self = .ours(.engine, tries: Retry.limit)
        }
    }

    /// The same, where the model is known that the job needs.
    init(_ error: any Error, model: String?) {
        guard case SpeechError.memoryUnavailable = error, let model else {
            self.init(error)
            return
        }
        self = .machine(
            .memoryFull(model: model, reason: SpeechError.memoryUnavailable.description),
            otherwise: TranscriptionFailure(code: "engine_failed", message: SpeechError.memoryUnavailable.description),
            tries: Retry.limit
        )
    }

    /// The fault of the machine, if it is one.
    var fault: MachineFault? {
        if case .machine(let fault, _, _) = self { fault } else { nil }
    }

    /// The failure once no try is left, and how many there are.
    var failure: (TranscriptionFailure, tries: Int) {
        switch self {
        case .input(let failure): (failure, 1)
        case .machine(_, let failure, let tries), .ours(let failure, let tries): (failure, tries)
        }
    }
}

extension TranscriptionFailure {
    fileprivate static let engine = TranscriptionFailure(
        code: "engine_failed",
        message: "The transcription failed \(Retry.limit) times in a row."
    )

    fileprivate static func machine(_ reason: String) -> TranscriptionFailure {
        TranscriptionFailure(code: "machine_failed", message: "The machine failed \(Retry.limit) times in a row: \(reason)")
    }
}
