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

    /// Arguments up to and including the input, which limit the program's messages to `Complaint`s and restrict it to `path`.
    ///
    /// With the `file:` prefix, names that begin with "-" or contain a colon are not read as options or protocols.
    static func input(_ path: FilePath) -> [String] {
        [
            "-v", "level+warning", "-protocol_whitelist", "file,pipe", "-format_whitelist", containers.joined(separator: ","), "-i",
            "file:\(path)",
        ]
    }

    var executable: Executable { .name(rawValue) }

    /// Plain messages and no report files, regardless of the server's environment.
    static let environment = Environment.inherit.updating(["AV_LOG_FORCE_NOCOLOR": "1", "FFREPORT": nil])

    /// The error for a child process that could not be started, or whose output was too long.
    func failure(_ error: SubprocessError) -> any Error {
        switch error.code {
        case .executableNotFound: AudioError.toolMissing(rawValue)
        case .outputLimitExceeded: AudioError.unreadable(reason: "its headers are too large")
        default: error
        }
    }

    /// Throws if the file is empty or can't be opened.
    static func inspect(_ path: FilePath) throws {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
            defer { try? file.close() }
            guard try file.seek(offset: 0, from: .end) > 0 else { throw AudioError.empty }
        } catch let error as Errno {
            throw AudioError.unreadable(reason: error.description)
        }
    }
}
