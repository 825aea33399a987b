import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file in the making: it lies beside its destination under another name until it is whole, and then takes the destination's place.
///
/// Its methods wait for the disk; call them from `FileWork`.
package struct NewFile: Sendable {
    /// Where it lies while it is made.
    package let path: FilePath
    private let destination: FilePath
    private let file: SystemPackage.FileDescriptor

    /// Begins a file. What a killed process left under the same name is written over; `Errno.resourceTemporarilyUnavailable` is thrown
    /// while a living process makes the same file.
    package init(for destination: FilePath) throws {
        self.destination = destination
        path = FilePath(destination.string + ".new")
        file = try Self.lock(path)
        do {
            guard ftruncate(file.rawValue, 0) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            try? file.close()
            throw error
        }
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws {
        _ = try file.writeAll(bytes)
    }

    /// Makes what was written safe from a power cut and gives the file its name; what had that name is gone.
    package func keep() throws {
        defer { try? file.close() }
        guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        guard rename(path.string, destination.string) == 0 else { throw Errno(rawValue: errno) }
        let folder = destination.removingLastComponent()
        let directory = try SystemPackage.FileDescriptor.open(folder.isEmpty ? "." : folder, .readOnly, options: [.closeOnExec])
        defer { try? directory.close() }
        _ = fsync(directory.rawValue)
    }

    /// Removes what was written.
    package func discard() {
        // The name goes first: whoever finds it must find it locked.
        unlink(path.string)
        try? file.close()
    }

    private static func lock(_ path: FilePath) throws -> SystemPackage.FileDescriptor {
        while true {
            let file = try SystemPackage.FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
                let reason = Errno(rawValue: errno)
                try? file.close()
                throw reason
            }
            // Between opening and locking its maker may have finished, and the file be the destination by now.
            var opened = stat()
            var named = stat()
            if fstat(file.rawValue, &opened) == 0, lstat(path.string, &named) == 0, opened.st_ino == named.st_ino { return file }
            try? file.close()
        }
    }
}
