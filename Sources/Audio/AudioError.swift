/// An error of an audio file, or of the tools that read it.
package enum AudioError: Error, Hashable {
    /// The file has no bytes.
    case empty

    /// The file can't be decoded; the reason is ffmpeg's own, without paths.
    case unreadable(reason: String)

    /// The file has no sound: a picture, or a video without an audio track.
    case noAudio

    /// The sound is longer than the caller allows.
    case tooLong(limitSeconds: Int)

    /// A required program is not installed.
    case toolMissing(String)

    /// Reading the file produced nothing for too long.
    case timedOut

    /// The file does not exist.
    case fileMissing

    /// The file's folder or disk failed, or the tool could not be started: the machine's fault, which may pass.
    case machineFailed(reason: String)

    /// The tool was ended by a signal while it read the file.
    case toolCrashed(String, signal: Int)

    /// Too many files are being read already; the caller should come back later.
    case busy

    /// The file states something that no recording has, such as a rate of 100 samples per second.
    case implausible(reason: String)

    /// The error as a word, for programs and the database.
    package var code: String {
        switch self {
        case .empty: "empty_file"
        case .unreadable: "unreadable_audio"
        case .noAudio: "no_audio"
        case .tooLong: "recording_too_long"
        case .toolMissing: "tool_missing"
        case .timedOut: "timed_out"
        case .fileMissing: "file_missing"
        case .machineFailed: "machine_failed"
        case .toolCrashed: "tool_crashed"
        case .busy: "busy"
        case .implausible: "implausible_audio"
        }
    }
}

extension AudioError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "The file is empty."
        case .unreadable(let reason): "The file can't be read as audio: \(reason)"
        case .noAudio: "The file has no audio track."
        case .tooLong(let limit):
            "The recording is longer than the limit of \(limit) seconds. The setting MAX_DURATION_SECONDS raises it; 0 sets no limit."
        case .toolMissing(let name): "The program \(name) is not installed."
        case .timedOut: "Reading the file took too long."
        case .fileMissing: "The recording's file is missing."
        case .machineFailed(let reason): "The file could not be read because of a fault of this machine: \(reason)"
        case .toolCrashed(let name, let signal): "The program \(name) crashed on the file (signal \(signal))."
        case .busy: "Too many files are being read at the same time. Try again in a moment."
        case .implausible(let reason): "The file is not a plausible recording: \(reason)"
        }
    }
}
