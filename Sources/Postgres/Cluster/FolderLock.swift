import Basics
import Foundation
import SystemPackage

/// A lock on a folder that the system releases when its holder ends, however it ends.
struct FolderLock: ~Copyable {
    private let descriptor: FileDescriptor

    /// Opens the lock, without taking it.
    init(_ path: FilePath) throws(PostgresError) {
        do {
            descriptor = try FileDescriptor.open(path, .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        } catch {
            throw PostgresError(.cluster, message: "Can't open \(path): \(error).")
        }
    }

    deinit { try? descriptor.close() }

    /// Waits while another program starts or stops the server; returns whether this program is alone, otherwise others use the server.
    func take() async throws -> Bool {
        while true {
            if tryToBeAlone() { return true }
            if try descriptor.tryLock(isShared: true) { return false }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Waits until no other program has the lock.
    func takeAlone() async throws {
        while !tryToBeAlone() { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// Lets other programs use the server, too.
    func share() async throws {
        while try !descriptor.tryLock(isShared: true) { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// Takes the lock for this program alone unless another one has it.
    func tryToBeAlone() -> Bool {
        (try? descriptor.tryLock()) ?? false
    }
}
