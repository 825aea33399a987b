import Foundation
import Logging

/// How many files and connections the process may have open.
enum OpenFiles {
    /// As many as a server needs that is asked for more; each event stream holds one, and three through the website.
    private static let wanted: rlim_t = 65_536

    /// Raises the limit as far as the system lets this user: many set it at a mere 1024, which older programs rely on.
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
            Logger.current.warning("The limit of open files could not be raised", metadata: ["limit": "\(limit.rlim_cur)"])
            return
        }
    }
}
