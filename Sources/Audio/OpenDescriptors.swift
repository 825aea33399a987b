import Foundation

/// The file descriptors of this process.
enum OpenDescriptors {
    /// How many must be free to start a media tool. A start takes about twelve, and swift-subprocess 1 ends the program if there are too few;
    /// the rest is for starts and connections of the same instant.
    private static let reserve = 100

    /// Whether enough are free to start a media tool.
    static var sufficeForTool: Bool {
        var limit = rlimit()
        #if canImport(Darwin)
            let files = RLIMIT_NOFILE
        #else
            let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        guard getrlimit(files, &limit) == 0 else { return true }
        guard let open = try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count else {
            // The folder can't be opened if no descriptor is free; on a system without it, nothing is known.
            return !FileManager.default.fileExists(atPath: "/dev/fd")
        }
        return UInt64(open + reserve) <= UInt64(limit.rlim_cur)
    }
}
