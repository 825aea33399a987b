import Foundation
import Logging

/// The limit of open files and connections.
enum OpenFiles {
    /// A limit beyond this helps no one, and programs that go through all numbers, as some child processes do, would take long.
    private static let highest: rlim_t = 1 << 20
    /// The most connections for each server without a setting; each takes memory.
    private static let mostConnections = 4096

    /// Raises the limit as far as the system allows: many systems set it to only 1024, on which older programs rely.
    static func raiseLimit() {
        var limit = current
        let wanted = min(highest, limit.rlim_max)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        guard setrlimit(kind, &limit) == 0 else {
            Logger.current.warning("Could not raise the limit of open files", metadata: ["limit": "\(current.rlim_cur)"])
            return
        }
    }

    /// How many connections each server of this process may keep open.
    ///
    /// A quarter of the files, at most 512, stays free for the database, models, recordings and child processes, whose start fails
    /// without one. A connection of the API may hold a recording open; one of the website has another to the API.
    static func connections(servers: Int) -> Int {
        let files = Int(clamping: current.rlim_cur)
        let reserve = min(512, files / 4)
        return max(1, min(mostConnections, (files - reserve) / (2 * servers)))
    }

    private static var current: rlimit {
        var limit = rlimit()
        return getrlimit(kind, &limit) == 0 ? limit : rlimit(rlim_cur: 1024, rlim_max: 1024)
    }

    #if canImport(Darwin)
        private static let kind = RLIMIT_NOFILE
    #else
        private static let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #endif
}
