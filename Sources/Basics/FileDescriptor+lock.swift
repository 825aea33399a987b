import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension SystemPackage.FileDescriptor {
    /// Takes an advisory lock on the open file without waiting; the kernel releases it when the file is closed or its process ends.
    ///
    /// - Parameter isShared: Whether others may hold a shared lock at the same time.
    /// - Returns: False if another open file holds a lock that excludes this one.
    /// - Throws: `Errno` for any other reason.
    package func tryLock(isShared: Bool = false) throws(Errno) -> Bool {
        while flock(rawValue, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
            let reason = Errno(rawValue: errno)
            if reason == .wouldBlock { return false }
            guard reason == .interrupted else { throw reason }
        }
        return true
    }
}
