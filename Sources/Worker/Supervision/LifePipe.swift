import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A pipe whose reading end a child process inherits; it ends when this process ends.
struct LifePipe {
    let readingEnd: SystemPackage.FileDescriptor
    private let writingEnd: SystemPackage.FileDescriptor

    init() throws(Errno) {
        do {
            (readingEnd, writingEnd) = try SystemPackage.FileDescriptor.pipe()
        } catch {
            throw error as? Errno ?? .ioError
        }
        // No other program that this process starts may hold an end open.
        for end in [readingEnd, writingEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
    }

    func close() { try? writingEnd.close() }
}
