import Basics
import Foundation
import NIOCore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The beginning of a file that is being fetched, locked against every other download of it, in this process or another.
///
/// It lies beside its destination as `NAME.part`, and what the hub said of it as `NAME.part.json`. The kernel lets go of the lock when the
/// file is closed, also by the death of its process. A class because it grows; it stays inside one download.
final class PartialFile {
    /// The bytes that are here.
    private(set) var length: Int64
    /// What they belong to; nil if that is not known.
    private(set) var origin: HubFile?
    /// Where it lies.
    let path: FilePath
    private let descriptor: SystemPackage.FileDescriptor
    private let destination: FilePath
    private var isRemoved = false

    /// Opens the part of a file, or begins one; nil as long as somebody else has it.
    ///
    /// Whoever gets one closes it.
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

    /// Throws away what is here and begins again with what the hub says now.
    func restart(as origin: HubFile?) async throws {
        let note = FilePath(Self.notePath(for: destination).string)
        try await blocking { [descriptor] in
            // In this order: a note never describes bytes that came before it.
            try descriptor.truncate()
            guard let origin else { return _ = unlink(note.string) }
            try JSONEncoder().encode(origin).write(to: URL(filePath: note.string), options: .atomic)
        }
        length = 0
        self.origin = origin
    }

    /// Appends bytes.
    func append(_ piece: ByteBuffer) async throws {
        let end = length
        try await blocking { [descriptor] in
            _ = try piece.withUnsafeReadableBytes { try descriptor.writeAll(toAbsoluteOffset: end, $0) }
        }
        length += Int64(piece.readableBytes)
    }

    /// Makes it safe from a power cut and gives it the name of its destination; what had that name is gone.
    func keep() async throws {
        let note = Self.notePath(for: destination)
        try await blocking { [descriptor, path, destination] in
            try descriptor.move(from: path, to: destination)
            unlink(note.string)
        }
    }

    /// Removes it and what is known of it; its owner still closes it.
    func remove() {
        // The name goes while the lock holds: whoever opened it meanwhile sees that it is no longer the one. Later it may be another's.
        guard !isRemoved else { return }
        isRemoved = true
        unlink(Self.notePath(for: destination).string)
        unlink(path.string)
    }

    /// Lets go of it.
    func close() {
        try? descriptor.close()
    }

    /// How far somebody else's download of a file is; nil if there is none under way.
    static func progressElsewhere(for destination: FilePath) -> DownloadProgress? {
        guard let part = open(for: destination) else { return nil }
        defer { try? part.close() }
        guard (try? part.tryLock(isShared: true)) == false else { return nil }
        return progress(of: part, for: destination)
    }

    /// How far a download is whose part somebody else has locked.
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
