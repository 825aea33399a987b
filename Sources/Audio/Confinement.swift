import Foundation
import Logging
import Subprocess

/// The limits of a media tool's process, set by util-linux' `prlimit` and `setpriv`, which then become the tool.
///
/// A tool reads files of strangers, so it gets the least with which it still works:
///
/// - Memory and processor time are limited, and it can write no file: neither output nor a core dump.
/// - It can't gain privileges (`no_new_privs`).
/// - Where Earshot is root, the tool runs as a user without a name, and keeps one capability: to read files. Recordings are readable for
///   their owner only, and no protocol of ffmpeg before 6 can seek in an open file that it inherits.
///
/// Where these programs don't exist (macOS), tools run without limits.
struct Confinement: Sendable {
    /// The strictest one that works on this machine.
    static let shared = Task { await strictest() }

    /// A number that belongs to no account, so that a tool can neither signal nor trace other processes.
    private static let user = "65533"

    private static let noNewPrivileges = ["setpriv", "--no-new-privs"]
    private static let otherUser =
        ["--nproc=1024"] + noNewPrivileges + ["--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
        + ["--inh-caps", "--ambient-caps", "--bounding-set"].map { "\($0)=-all,+dac_read_search" }

    /// What follows prlimit's general limits; nil for no limits at all.
    private let options: [String]?

    /// The words that precede the tool's own.
    func prefix(for tool: MediaTool) -> [String] {
        guard let options else { return [] }
        // Seconds of processor time: headers take less than one; the longest recordings, of days, hours.
        let (gigabytes, seconds) = tool == .ffprobe ? (2, 20) : (4, 6 * 3600)
        return ["prlimit", "--as=\(gigabytes << 30)", "--cpu=\(seconds)", "--fsize=0", "--core=0"] + options
    }

    private static func strictest() async -> Confinement {
        for options in (geteuid() == 0 ? [otherUser] : []) + [noNewPrivileges, []] {
            let confinement = Confinement(options: options)
            if await confinement.works { return confinement }
        }
        Logger.current.warning("Media tools run without limits: prlimit or setpriv (util-linux) do not work here")
        return Confinement(options: nil)
    }

    /// Whether a program starts within these limits: containers may forbid part of them.
    private var works: Bool {
        get async {
            let words = prefix(for: .ffprobe) + ["true"]
            let outcome = try? await run(
                .name(words[0]),
                arguments: Arguments(Array(words.dropFirst())),
                environment: .custom(MediaTool.environment),
                output: .discarded
            )
            return outcome?.terminationStatus.isSuccess == true
        }
    }
}
