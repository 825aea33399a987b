import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is being written: it has another name beside its destination until it is complete.
///
/// Its methods wait for the disk; call them in `blocking`.
package struct NewFile: Sendable {
    /// The path while the file is written.
    package let path: FilePath
    private let destination: FilePath
    private let file: SystemPackage.FileDescriptor

    /// Creates the file, and replaces one that a killed process left. Throws `Errno.resourceTemporarilyUnavailable` while another
    /// process writes the same file.
    package init(for destination: FilePath) throws {
        self.destination = destination
        path = FilePath(destination.string + ".new")
        guard let file = try SystemPackage.FileDescriptor.openLocked(path) else { throw Errno.resourceTemporarilyUnavailable }
        self.file = file
        do {
            try file.truncate()
        } catch {
            try? file.close()
            throw error
        }
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws {
        _ = try file.writeAll(bytes)
    }

    /// Gives the complete file its final name, and replaces a file of that name; survives a power cut.
    package func keep() throws {
        defer { try? file.close() }
        try file.move(from: path, to: destination)
    }

    /// Removes the file.
    package func discard() {
        // The name is removed while the file is locked, so that no other process finds an unlocked leftover.
        unlink(path.string)
        try? file.close()
    }
}
