import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The room that a disk has.
package enum DiskSpace {
    /// The bytes that may still be written below a folder; nil if the system doesn't say.
    package static func free(at folder: FilePath) -> Int64? {
        var information = statvfs()
        guard statvfs(folder.string, &information) == 0 else { return nil }
        return Int64(clamping: UInt64(information.f_bavail).multipliedReportingOverflow(by: UInt64(information.f_frsize)).partialValue)
    }

    /// Refuses to begin what the disk has no room for.
    ///
    /// - Parameters:
    ///   - bytes: What is still to come.
    ///   - reserve: What must stay free besides.
    static func require(_ bytes: Int64, reserve: Int64, at folder: FilePath) throws(DownloadError) {
        let (needed, isAbsurd) = max(0, bytes).addingReportingOverflow(reserve)
        guard let free = free(at: folder), isAbsurd || free < needed else { return }
        throw .diskFull(needed: isAbsurd ? .max : needed, free: free)
    }
}
