import Foundation
import Logging

/// The limit of open files and connections.
enum OpenFiles {
    /// Each event stream takes one connection, and three through the website.
    private static let wanted: rlim_t = 65_536

    /// Raises the limit as far as the system allows: many systems set it to only 1024, on which older programs rely.
    static func raiseLimit() {
        var limit = rlimit()
        #if canImport(Darwin)
            let files = RLIMIT_NOFILE
        #else
            let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        guard getrlimit(files, &limit) == 0, limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        guard setrlimit(files, &limit) == 0 else {
            Logger.current.warning("Could not raise the limit of open files", metadata: ["limit": "\(limit.rlim_cur)"])
            return
        }
    }
}
