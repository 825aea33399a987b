import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Identifies the content of a file without reading it: its length, its time of modification, and its inode.
package struct FileVersion: Sendable, Hashable {
    private let size, seconds, nanoseconds, number: Int64

    /// The current version of a file; nil if there is none.
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
