import Subprocess
import SystemPackage

/// One of ffmpeg's programs, run as a child that may open the one file it was given and nothing else.
enum MediaTool: String {
    case ffmpeg
    case ffprobe

    /// The containers that recordings come in.
    ///
    /// Playlists (hls, dash, concat) and devices are not among them, because such a file could name other files of this machine.
    private static let containers = [
        "3g2", "3gp", "aa", "aac", "ac3", "act", "aiff", "alaw", "amr", "amrnb", "amrwb", "ape", "asf", "asf_o", "ast", "au", "avi", "avr",
        "caf", "dsf", "dss", "dts", "dtshd", "dv", "eac3", "flac", "flv", "g722", "g729", "gsm", "gxf", "ilbc", "ircam", "iff", "kux",
        "live_flv", "lmlm4", "loas", "matroska", "mlp", "mmf", "mov", "mp3", "mpc", "mpc8", "mpeg", "mpegts", "mpegtsraw",
        "mpegvideo", "mulaw", "mxf", "nistsphere", "nsv", "nut", "ogg", "oma", "paf", "pvf", "qcp", "rm", "sbc", "shn", "sln", "sox",
        "spdif", "swf", "tak", "truehd", "tta", "ty", "voc", "vqf", "w64", "wav", "wsd", "wtv", "wv", "wve", "xwma",
    ]

    /// Arguments that keep the program quiet and inside `path`, up to and with the input.
    ///
    /// The `file:` prefix keeps names that begin with "-" or hold a colon from being taken for options or protocols.
    static func input(_ path: FilePath) -> [String] {
        ["-v", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", containers.joined(separator: ","), "-i", "file:\(path)"]
    }

    var executable: Executable { .name(rawValue) }

    /// Plain messages, and no report files, whatever the environment of the server says.
    static let environment = Environment.inherit.updating(["AV_LOG_FORCE_NOCOLOR": "1", "FFREPORT": nil])

    /// The error for a child that could not be started or said too much.
    func failure(_ error: SubprocessError) -> any Error {
        switch error.code {
        case .executableNotFound: AudioError.toolMissing(rawValue)
        case .outputLimitExceeded: AudioError.unreadable(reason: "its headers are too large")
        default: error
        }
    }

    /// Throws what can be said about a file before a child reads it.
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

/// What a media tool wrote to its standard error.
struct Complaint: Sendable {
    private let lines: [Substring]
    private let path: FilePath

    init(_ text: String, about path: FilePath) {
        lines = text.split(whereSeparator: \.isNewline)
        self.path = path
    }

    /// Whether the only trouble was that the file has no sound.
    var meansNoAudio: Bool {
        lines.contains { $0.contains("matches no streams") }
    }

    /// The last line, without paths, addresses and component names.
    var reason: String {
        let line = lines.last { !$0.contains("Error opening input files") } ?? lines.last ?? "no reason given"
        var text = String(line)
        for name in ["file:\(path)", path.string] {
            text = text.split(separator: name, omittingEmptySubsequences: false).joined()
        }
        text.replace(/\[[^\]]*@ 0x[0-9a-f]+\]/, with: "")
        text.replace(/^[\s:.]+|[\s:.]+$/, with: "")
        return text.isEmpty ? "no reason given" : text
    }
}
