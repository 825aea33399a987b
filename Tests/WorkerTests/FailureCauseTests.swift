import Archive
import Audio
import ModelLibrary
import Postgres
import Speech
import SystemPackage
import Testing

@testable import Worker

@Suite("The table of errors")
struct FailureCauseTests {
    /// A row: an error, whose fault it is, the code of the failure, and how many tries a job has whose machine is well.
    struct Row: Sendable, CustomTestStringConvertible {
        enum Fault: Sendable { case input, machine(String), ours }

        let error: any Error
        let fault: Fault
        let code: String
        var tries = 5

        init(_ error: any Error, _ fault: Fault, _ code: String, tries: Int = 5) {
            (self.error, self.fault, self.code, self.tries) = (error, fault, code, tries)
        }

        var testDescription: String { "\(error)" }
    }

    private static func sql(_ state: String) -> PostgresError { PostgresError(.statement, state: state, message: "refused") }

    static let rows: [Row] = [
        // The recording's fault.
        Row(AudioError.empty, .input, "empty_file", tries: 1),
        Row(AudioError.unreadable(reason: "no"), .input, "unreadable_audio", tries: 1),
        Row(AudioError.noAudio, .input, "no_audio", tries: 1),
        Row(AudioError.tooLong(limitSeconds: 5), .input, "recording_too_long", tries: 1),
        Row(AudioError.implausible(reason: "no"), .input, "implausible_audio", tries: 1),
        // The request's fault, or that of the operator's choice of a model.
        Row(ModelDoesNotFit(model: "a", needed: 2, available: 1), .input, "model_does_not_fit", tries: 1),
        Row(SpeechError.modelUnreadable(path: "/a"), .input, "model_unreadable", tries: 1),
        Row(ModelLibraryError.damaged("a", .notAModel), .input, "model_unreadable", tries: 1),
        Row(SpeechError.languageUnknown("xx"), .input, "unknown_language", tries: 1),
        Row(SpeechError.unsupported(.cannotTranslate), .input, "cannot_translate", tries: 1),
        Row(TimeLimitExceeded(limit: .seconds(1)), .input, "time_limit", tries: 1),
        // The machine's fault, which passes.
        Row(AudioError.fileMissing, .machine("recordings_unavailable"), "file_missing", tries: 1),
        Row(AudioError.machineFailed(reason: "Input/output error"), .machine("recordings_unavailable"), "machine_failed"),
        Row(AudioError.toolMissing("ffmpeg"), .machine("tool_missing"), "tool_missing"),
        Row(AudioError.busy, .machine("machine_busy"), "busy"),
        Row(ModelLibraryError.unknownModel("a", installed: []), .machine("model_missing"), "unknown_model"),
        Row(ModelDoesNotFit(model: "a", needed: 2, available: 1, fitsWhenIdle: true), .machine("memory_full"), "model_does_not_fit"),
        Row(SpeechError.memoryUnavailable, .machine("memory_full"), "engine_failed"),
        Row(ArchiveError.diskFull(freeBytes: 0), .machine("disk_full"), "disk_full"),
        Row(ArchiveError.noRoom(neededBytes: 2, freeBytes: 1), .machine("disk_full"), "disk_full"),
        Row(ArchiveError.folderUnavailable(reason: "away"), .machine("recordings_unavailable"), "machine_failed"),
        Row(Errno.noSpace, .machine("disk_full"), "disk_full"),
        Row(Errno.diskQuotaExceeded, .machine("disk_full"), "disk_full"),
        Row(Errno.readOnlyFileSystem, .machine("disk_full"), "disk_full"),
        Row(Errno.ioError, .machine("recordings_unavailable"), "machine_failed"),
        Row(Errno.permissionDenied, .machine("recordings_unavailable"), "machine_failed"),
        Row(Errno.noSuchFileOrDirectory, .machine("recordings_unavailable"), "machine_failed"),
        Row(Errno.staleNFSFileHandle, .machine("recordings_unavailable"), "machine_failed"),
        Row(Errno.tooManyOpenFiles, .machine("machine_busy"), "machine_failed"),
        Row(Errno.noMemory, .machine("machine_busy"), "machine_failed"),
        Row(sql("53100"), .machine("database_full"), "engine_failed"),
        Row(sql("53200"), .machine("database_unavailable"), "engine_failed"),
        Row(sql("53300"), .machine("database_unavailable"), "engine_failed"),
        Row(sql("57014"), .machine("database_unavailable"), "engine_failed"),
        Row(sql("55P03"), .machine("database_unavailable"), "engine_failed"),
        Row(sql("57P01"), .machine("database_unavailable"), "engine_failed"),
        Row(sql("08006"), .machine("database_unavailable"), "engine_failed"),
        Row(PostgresError(.connection, message: "gone"), .machine("database_unavailable"), "engine_failed"),
        // Ours, or an accident.
        Row(AudioError.toolCrashed("ffmpeg", signal: 11), .ours, "tool_crashed", tries: 3),
        Row(AudioError.timedOut, .ours, "timed_out", tries: 3),
        Row(SpeechError.engineFailed(code: -6), .ours, "engine_failed"),
        Row(SpeechError.noProcessor, .ours, "engine_failed"),
        Row(SpeechError.voiceActivityUnreadable(path: "/a"), .ours, "engine_failed"),
        Row(sql("23505"), .ours, "engine_failed"),
        Row(Errno.invalidArgument, .ours, "engine_failed"),
    ]

    @Test("says whose fault each error is, and how often the job is tried", arguments: rows)
    func row(row: Row) {
        let cause = FailureCause(row.error, model: "a")
        switch (row.fault, cause) {
        case (.input, .input), (.ours, .ours): break
        case (.machine(let code), .machine(let fault, _, _)): #expect(fault.code == code)
        default: Issue.record("\(cause)")
        }
        #expect(cause.failure.0.code == row.code)
        #expect(cause.failure.tries == row.tries)
    }

    @Test("a media tool that crashes says so")
    func crash() {
        #expect(FailureCause(AudioError.toolCrashed("ffmpeg", signal: 11)).failure.0.message.hasPrefix("The media tool crashed on it"))
    }
}
