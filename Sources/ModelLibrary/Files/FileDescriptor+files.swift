import Basics
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension SystemPackage.FileDescriptor {
    /// The length of the file in bytes; moves the position to the end.
    package func length() throws(Errno) -> Int64 {
        do { return try seek(offset: 0, from: .end) } catch { throw error as? Errno ?? .ioError }
    }

    /// A range of the file; shorter than requested only at the end of the file.
    ///
    /// The caller limits `count`, because the whole range is held in memory.
    package func bytes(at offset: Int64, count: Int) throws(Errno) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let all = UnsafeMutableRawBufferPointer(buffer)
                while filled < count {
                    let read = try read(
                        fromAbsoluteOffset: offset + Int64(filled),
                        into: UnsafeMutableRawBufferPointer(rebasing: all[filled..<count])
                    )
                    if read == 0 { return }
                    filled += read
                }
            }
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    /// Opens a regular file for reading; throws for others, such as pipes, instead of waiting for them.
    package static func openFile(_ path: FilePath) throws(Errno) -> SystemPackage.FileDescriptor {
        do {
            let file = try SystemPackage.FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
            // Pipes and folders cannot be read at an offset.
            do {
                _ = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try file.read(fromAbsoluteOffset: 0, into: $0) }
            } catch {
                try? file.close()
                throw error
            }
            return file
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    /// Opens a file, or creates it, and locks it; nil while another descriptor holds the lock.
    static func openLocked(_ path: FilePath) throws -> SystemPackage.FileDescriptor? {
        while true {
            let file = try SystemPackage.FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            do {
                guard try file.tryLock() else {
                    try file.close()
                    return nil
                }
                // Between opening and locking, the previous owner may have renamed or removed the file.
                if isNamed(path, file) { return file }
            } catch {
                try? file.close()
                throw error
            }
            try file.close()
        }
    }

    /// Removes all bytes of the file.
    func truncate() throws(Errno) {
        guard ftruncate(rawValue, 0) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Gives the open file at a path its final name, so that neither content nor name is lost in a power cut; replaces a file of that name.
    func move(from path: FilePath, to destination: FilePath) throws {
        guard fsync(rawValue) == 0, rename(path.string, destination.string) == 0 else { throw Errno(rawValue: errno) }
        let folder = destination.removingLastComponent()
        let directory = try SystemPackage.FileDescriptor.open(folder.isEmpty ? "." : folder, .readOnly, options: [.closeOnExec])
        defer { try? directory.close() }
        _ = fsync(directory.rawValue)
    }
}

/// Whether an open file is the one that a path names.
private func isNamed(_ path: FilePath, _ file: SystemPackage.FileDescriptor) -> Bool {
    var opened = stat()
    var named = stat()
    return fstat(file.rawValue, &opened) == 0 && lstat(path.string, &named) == 0 && opened.st_ino == named.st_ino
}
