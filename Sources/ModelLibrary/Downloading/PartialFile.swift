import Basics
import Foundation
import NIOCore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An incomplete download of a file, locked against other downloads of it in this process and in others.
///
/// It is stored beside its destination as `NAME.part`, and the hub's description of the file as `NAME.part.json`. The kernel releases the
/// lock when the file is closed or its process ends. A class because it grows; it is not shared.
final class PartialFile {
    private(set) var length: Int64
    /// The file on the hub; nil if it is unknown.
    private(set) var origin: HubFile?
    let path: FilePath
    private let descriptor: SystemPackage.FileDescriptor
    private let destination: FilePath
    private var isRemoved = false

    /// Opens or creates the part of a file, which the caller closes; nil while another download holds its lock.
    static func lock(for destination: FilePath) async throws -> PartialFile? {
        let path = Self.path(for: destination)
        let opened = try await blocking { () -> (SystemPackage.FileDescriptor, Int64, HubFile?)? in
            guard let descriptor = try SystemPackage.FileDescriptor.openLocked(path) else { return nil }
            do {
                return (descriptor, try descriptor.length(), Self.origin(for: destination))
            } catch {
                try? descriptor.close()
                throw error
            }
        }
        return opened.map { PartialFile(path: path, destination: destination, descriptor: $0, length: $1, origin: $2) }
    }

    private init(
        path: FilePath,
        destination: FilePath,
        descriptor: SystemPackage.FileDescriptor,
        length: Int64,
        origin: HubFile?
    ) {
        self.path = path
        self.destination = destination
        self.descriptor = descriptor
        self.length = length
        self.origin = origin
    }

    /// Removes all bytes and starts again with another version of the file.
    func restart(as origin: HubFile?) async throws {
        let note = FilePath(Self.notePath(for: destination).string)
        try await blocking { [descriptor] in
            // The bytes are removed first, so that the description never belongs to older bytes.
            try descriptor.truncate()
            guard let origin else { return _ = unlink(note.string) }
            try JSONEncoder().encode(origin).write(to: URL(filePath: note.string), options: .atomic)
        }
        length = 0
        self.origin = origin
    }

    func append(_ piece: ByteBuffer) async throws {
        let end = length
        try await blocking { [descriptor] in
            _ = try piece.withUnsafeReadableBytes { try descriptor.writeAll(toAbsoluteOffset: end, $0) }
        }
        length += Int64(piece.readableBytes)
    }

    /// Gives the complete file the name of its destination, replaces a file of that name, and remembers its checksum.
    func keep() async throws {
        let note = Self.notePath(for: destination)
        let sum = RememberedChecksum(of: destination)
        try await blocking { [descriptor, path, destination, origin] in
            // The checksum of another version is removed first, so that a kill in between leaves none instead of a wrong one.
            sum.forget()
            try descriptor.move(from: path, to: destination)
            if let sha256 = origin?.sha256 { try sum.remember(sha256) }
            unlink(note.string)
        }
    }

    /// Removes the file and its description; the owner still closes it.
    func remove() {
        // The name is removed while the lock is held: later it may belong to another download.
        guard !isRemoved else { return }
        isRemoved = true
        unlink(Self.notePath(for: destination).string)
        unlink(path.string)
    }

    func close() {
        try? descriptor.close()
    }

    /// The progress of another download of a file; nil if there is none.
    static func progressElsewhere(for destination: FilePath) -> DownloadProgress? {
        guard let part = open(for: destination) else { return nil }
        defer { try? part.close() }
        guard (try? part.tryLock(isShared: true)) == false else { return nil }
        return progress(of: part, for: destination)
    }

    /// The progress of a download whose part is locked by another owner.
    static func progressOfOther(for destination: FilePath) -> DownloadProgress? {
        guard let part = open(for: destination) else { return nil }
        defer { try? part.close() }
        return progress(of: part, for: destination)
    }

    private static func open(for destination: FilePath) -> SystemPackage.FileDescriptor? {
        try? SystemPackage.FileDescriptor.open(path(for: destination), .readOnly, options: [.nonBlocking, .closeOnExec])
    }

    private static func progress(of part: SystemPackage.FileDescriptor, for destination: FilePath) -> DownloadProgress? {
        guard let bytes = try? part.length() else { return nil }
        let total = origin(for: destination)?.size
        return DownloadProgress(phase: bytes == total ? .checking : .downloading, bytes: bytes, total: total)
    }

    private static func path(for destination: FilePath) -> FilePath { FilePath(destination.string + ".part") }
    private static func notePath(for destination: FilePath) -> FilePath { FilePath(destination.string + ".part.json") }

    private static func origin(for destination: FilePath) -> HubFile? {
        guard let note = try? Data(contentsOf: URL(filePath: notePath(for: destination).string)) else { return nil }
        return try? JSONDecoder().decode(HubFile.self, from: note)
    }
}
