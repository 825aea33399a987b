import Basics
import Foundation
import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An upload that is whole and flushed, but belongs to no row yet.
///
/// It holds the file's lock and removes the file when it is released, unless the file was kept, or came by a resumable upload: that one
/// waits for another attempt.
package final class ReceivedFile: Sendable {
    private struct State {
        var place: FilePath
        var isKept = false
    }

    /// Where the file is stored until it is kept.
    package let path: FilePath
    /// Its length in bytes.
    package let size: Int64
    /// Its SHA-256 in lower-case hexadecimal digits.
    package let sha256: String
    /// The resumable upload that it came by.
    let resumable: UUID?
    private let file: LockedFile
    private let state: Mutex<State>

    init(path: FilePath, size: Int64, sha256: String, resumable: UUID? = nil, file: LockedFile) {
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.resumable = resumable
        self.file = file
        state = Mutex(State(place: path))
    }

    deinit {
        if resumable == nil { removeUnlessKept() }
    }

    /// Moves the file to its final place; the lock holds until this value is released, so that housekeeping leaves it alone meanwhile.
    /// Blocks its thread.
    func keep(as stored: FilePath) throws {
        try state.withLock { state in
            guard rename(state.place.string, stored.string) == 0 else { throw Errno(rawValue: errno) }
            state = State(place: stored, isKept: true)
        }
        let directory = try SystemPackage.FileDescriptor.open(stored.removingLastComponent(), .readOnly)
        defer { try? directory.close() }
        _ = fsync(directory.rawValue)
    }

    /// Undoes `keep` for a file whose rows were not stored, if it was kept in this place. Blocks its thread.
    func takeBack(from stored: FilePath) {
        state.withLock { state in
            guard state.isKept, state.place == stored else { return }
            state.isKept = false
            if rename(stored.string, path.string) == 0 { state.place = path }
        }
    }

    /// Removes the file if it was not kept; one that can't be removed now is removed at the next start. Blocks its thread.
    func removeUnlessKept() {
        state.withLock { state in
            if !state.isKept { unlink(state.place.string) }
        }
    }
}
