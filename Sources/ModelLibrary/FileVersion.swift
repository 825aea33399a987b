import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What tells one content of a file from another without reading it: its length, when it was changed, and its number on the disk.
package struct FileVersion: Sendable, Hashable {
    private let size, seconds, nanoseconds, number: Int64

    /// The version that lies at a path now; nil if there is none.
    package init?(of path: FilePath) {
        var status = stat()
        guard stat(path.string, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let changed = status.st_mtimespec
        #else
            let changed = status.st_mtim
        #endif
        (size, number) = (Int64(status.st_size), Int64(truncatingIfNeeded: status.st_ino))
        (seconds, nanoseconds) = (Int64(changed.tv_sec), Int64(changed.tv_nsec))
    }
}
