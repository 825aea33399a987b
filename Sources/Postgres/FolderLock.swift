import Foundation
import SystemPackage

/// A lock on a folder that the system takes back when its holder ends, however it ends.
struct FolderLock: ~Copyable {
    private let descriptor: Int32

    /// Opens the lock, without taking it.
    init(_ path: FilePath) throws(PostgresError) {
        descriptor = open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw PostgresError(.cluster, message: "Can't open \(path): \(Errno(rawValue: errno)).")
        }
    }

    deinit { close(descriptor) }

    /// Waits while another program starts or stops the server; returns whether we are alone, else others use the server.
    func take() async throws -> Bool {
        while true {
            if tryToBeAlone() { return true }
            if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return false }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Lets other programs use the server too.
    func share() async throws {
        while flock(descriptor, LOCK_SH | LOCK_NB) != 0 { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// Takes the lock for us alone unless another program has it.
    func tryToBeAlone() -> Bool {
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }
}
