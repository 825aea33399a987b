import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file in the making: it lies beside its destination under another name until it is whole, and then takes the destination's place.
///
/// Its methods wait for the disk; call them in `blocking`.
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

    /// Makes what was written safe from a power cut and gives the file its name; what had that name is gone.
    package func keep() throws {
        defer { try? file.close() }
        try file.move(from: path, to: destination)
    }

    /// Removes what was written.
    package func discard() {
        // The name goes first: whoever finds it must find it locked.
        unlink(path.string)
        try? file.close()
    }
}
