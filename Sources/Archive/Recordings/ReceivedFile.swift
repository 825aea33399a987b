import Basics
import Crypto
import Foundation
import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is whole and flushed, but belongs to no row yet.
///
/// It becomes a recording in three steps, so that no moment exists at which the bytes could be lost: it gets its final name beside the first
/// one, the rows are committed, the first name goes. Its lock is held until it is released, so that housekeeping leaves it alone meanwhile.
package final class ReceivedFile: Sendable {
    /// Where a file came from, which decides what becomes of it when it is not accepted.
    package enum Source: Sendable, Hashable {
        /// The body of a request: it is removed.
        case request
        /// A resumable upload: it waits for another attempt.
        case upload(UUID)
        /// The lost files: it stays among them.
        case lostFiles
    }

    /// Its name until it is accepted.
    package let path: FilePath
    /// Its length in bytes.
    package let size: Int64
    /// Its SHA-256 in lower-case hexadecimal digits.
    package let sha256: String
    /// Where it came from.
    package let source: Source
    private let file: LockedFile
    private let state = Mutex(State())

    private struct State {
        /// The final name, once it has it.
        var stored: FilePath?
        /// Whether it is known what becomes of the file: it was accepted, removed, or nobody can say yet.
        var isSettled = false
    }

    init(path: FilePath, size: Int64, sha256: String, source: Source, file: LockedFile) {
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.source = source
        self.file = file
    }

    /// Reads a file to know its content.
    convenience init(reading file: LockedFile, at path: FilePath, source: Source) async throws {
        var hash = SHA256()
        var place: Int64 = 0
        while true {
            let start = place
            let bytes = try await blocking { try file.read(at: start, count: 1 << 20) }
            if bytes.isEmpty { break }
            hash.update(data: bytes)
            place += Int64(bytes.count)
        }
        self.init(path: path, size: place, sha256: hash.finalize().hexadecimal, source: source, file: file)
    }

    deinit { removeUnaccepted() }

    /// Gives the file its final name beside the first one, so that both mean the same bytes. Blocks its thread.
    ///
    /// A second call for the same name changes nothing, as a transaction that is run again needs.
    func store(as stored: FilePath) throws {
        try state.withLock { state in
            if link(path.string, stored.string) != 0 {
                let problem = Errno(rawValue: errno)
                if !isSameFile(as: stored) { try copy(to: stored, insteadOfFailing: problem) }
            }
            try FileDescriptor.synchronizeFolder(of: stored)
            state.stored = stored
        }
    }

    /// Removes the first name, after the rows are committed. Blocks its thread.
    func accept() {
        state.withLock { state in
            guard !state.isSettled else { return }
            state.isSettled = true
            unlink(path.string)
        }
    }

    /// Removes the final name, if it was given in this place: the rows are known to be rolled back. Blocks its thread.
    func takeBack(from stored: FilePath) {
        state.withLock { state in
            guard !state.isSettled, state.stored == stored else { return }
            state.stored = nil
            unlink(stored.string)
        }
    }

    /// Leaves both names, because nobody knows whether the rows are committed. The next start sees to them.
    func leave() {
        state.withLock { $0.isSettled = true }
    }

    /// Removes a file that came with a request and was not accepted; one that can't be removed now is removed at the next start. Blocks its
    /// thread.
    func removeUnaccepted() {
        state.withLock { state in
            guard source == .request, !state.isSettled else { return }
            state.isSettled = true
            unlink(path.string)
        }
    }

    /// Whether a path means this very file.
    private func isSameFile(as other: FilePath) -> Bool {
        guard let mine = FileIdentity(path) else { return false }
        return mine == FileIdentity(other)
    }

    /// Copies the file where the file system knows no second name for a file; throws the error of linking otherwise.
    private func copy(to stored: FilePath, insteadOfFailing problem: Errno) throws {
        let unsupported: [Errno] = [.notPermitted, .notSupported, Errno(rawValue: EOPNOTSUPP), .tooManyLinks, .noFunction]
        guard unsupported.contains(problem) else { throw problem }
        let copy = stored.removingLastComponent().appending(UUID().lowercased + RecordingFolder.partialSuffix)
        do {
            try FileManager.default.copyItem(atPath: path.string, toPath: copy.string)
            let written = try FileDescriptor.open(copy, .readWrite, options: .closeOnExec)
            try written.closeAfter {
                guard fsync(written.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard rename(copy.string, stored.string) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unlink(copy.string)
            throw error
        }
    }
}
