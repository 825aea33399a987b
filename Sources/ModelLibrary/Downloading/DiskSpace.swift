import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The free space of a disk.
package enum DiskSpace {
    /// The bytes that can still be written to a folder; nil if the system does not report them.
    package static func free(at folder: FilePath) -> Int64? {
        var information = statvfs()
        guard statvfs(folder.string, &information) == 0 else { return nil }
        return Int64(clamping: UInt64(information.f_bavail).multipliedReportingOverflow(by: UInt64(information.f_frsize)).partialValue)
    }

    /// Throws if the disk has too little free space.
    ///
    /// - Parameters:
    ///   - bytes: The bytes to write.
    ///   - reserve: The bytes that must stay free.
    static func require(_ bytes: Int64, reserve: Int64, at folder: FilePath) throws(DownloadError) {
        let (needed, isAbsurd) = max(0, bytes).addingReportingOverflow(reserve)
        guard let free = free(at: folder), isAbsurd || free < needed else { return }
        throw .diskFull(needed: isAbsurd ? .max : needed, free: free)
    }
}
