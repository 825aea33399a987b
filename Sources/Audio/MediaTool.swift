import Foundation
import Subprocess
import SystemPackage

/// One of ffmpeg's programs, run as a child process that may open a single file.
enum MediaTool: String {
    case ffmpeg
    case ffprobe

    /// The accepted containers.
    ///
    /// Playlists (hls, dash, concat) and devices are excluded, because such a file could refer to other files of this machine.
    private static let containers = [
        "3g2", "3gp", "aa", "aac", "ac3", "act", "aiff", "alaw", "amr", "amrnb", "amrwb", "ape", "asf", "asf_o", "ast", "au", "avi", "avr",
        "caf", "dsf", "dss", "dts", "dtshd", "dv", "eac3", "flac", "flv", "g722", "g729", "gsm", "gxf", "ilbc", "ircam", "iff", "kux",
        "live_flv", "lmlm4", "loas", "matroska", "mlp", "mmf", "mov", "mp3", "mpc", "mpc8", "mpeg", "mpegts", "mpegtsraw",
        "mpegvideo", "mulaw", "mxf", "nistsphere", "nsv", "nut", "ogg", "oma", "paf", "pvf", "qcp", "rm", "sbc", "shn", "sln", "sox",
        "spdif", "swf", "tak", "truehd", "tta", "ty", "voc", "vqf", "w64", "wav", "wsd", "wtv", "wv", "wve", "xwma",
    ]

    /// The largest block of memory, in bytes, that a file may make a tool ask for; the default is 2 GB.
    private static let largestAllocation = 512 << 20

    /// Arguments up to and including the input, which limit the program's messages to `Complaint`s and restrict it to `path`.
    ///
    /// With the `file:` prefix, names that begin with "-" or contain a colon are not read as options or protocols.
    static func input(_ path: FilePath) -> [String] {
        [
            "-v", "level+warning", "-max_alloc", "\(largestAllocation)", "-threads", "1", "-protocol_whitelist", "file,pipe",
            "-format_whitelist", containers.joined(separator: ","), "-i", "file:\(path)",
        ]
    }

    /// The environment of the tools: plain messages, and nothing of Earshot's own settings and secrets.
    static var environment: [Environment.Key: String] {
        var own: [Environment.Key: String] = ["AV_LOG_FORCE_NOCOLOR": "1", "LANG": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"]
        let inherited = ProcessInfo.processInfo.environment
        // An ffmpeg outside the system's folders may need the path of its libraries.
        for key: Environment.Key in ["PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
            own[key] = inherited[key.rawValue] ?? own[key]
        }
        return own
    }

    /// What to start for these arguments: the tool within its limits.
    ///
    /// - Throws: `AudioError.toolMissing`.
    func command(_ arguments: [String]) async throws -> Configuration {
        let environment = Environment.custom(Self.environment)
        guard let path = try? await Executable.name(rawValue).resolveExecutablePath(in: environment) else {
            throw AudioError.toolMissing(rawValue)
        }
        let words = await Confinement.shared.value.prefix(for: self) + [path.string] + arguments
        return Configuration(executable: .name(words[0]), arguments: Arguments(Array(words.dropFirst())), environment: environment)
    }

    /// The error for a child process that could not be started or followed, or whose output was too long.
    func failure(_ error: SubprocessError) -> AudioError {
        switch error.code {
        case .executableNotFound: .toolMissing(rawValue)
        case .outputLimitExceeded: .unreadable(reason: "its headers are too large")
        default: .machineFailed(reason: "\(rawValue) could not be run: \(error.underlyingError?.description ?? error.description)")
        }
    }

    /// The error of a tool that read nothing of the file.
    func failure(_ status: TerminationStatus, _ complaint: Complaint) async -> any Error {
        if case .signaled(let signal) = status { return AudioError.toolCrashed(rawValue, signal: Int(signal)) }
        if complaint.meansNoAudio { return AudioError.noAudio }
        do {
            try await MediaFile(path: complaint.path).check(thoroughly: complaint.namesSystemError)
        } catch {
            return error
        }
        if let fault = complaint.machineFault { return AudioError.machineFailed(reason: fault) }
        if let reason = complaint.reason { return AudioError.unreadable(reason: reason) }
        if status.isSuccess { return AudioError.unreadable(reason: "it holds no sound") }
        // A tool that can't start, for want of a library for example, ends without a message of its own kind.
        return AudioError.machineFailed(reason: "\(rawValue) ended without a reason (\(status))")
    }
}
