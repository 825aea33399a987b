import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What tells a file from all others, whatever its names are.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let number: UInt64

    /// The file of this name; nil if there is none. Blocks its thread.
    init?(_ path: FilePath) {
        var information = stat()
        guard lstat(path.string, &information) == 0 else { return nil }
        device = UInt64(truncatingIfNeeded: information.st_dev)
        number = UInt64(truncatingIfNeeded: information.st_ino)
    }
}

extension FileDescriptor {
    /// Makes sure that the names in the folder of a file survive a power cut.
    static func synchronizeFolder(of path: FilePath) throws {
        let folder = try open(path.removingLastComponent(), .readOnly, options: .closeOnExec)
        try folder.closeAfter {
            // Some network file systems can't flush a folder, and say so.
            guard fsync(folder.rawValue) == 0 || errno == EINVAL else { throw Errno(rawValue: errno) }
        }
    }
}
