import Basics
import Crypto
import Foundation
import SystemPackage

/// A tar archive that is written from its beginning to its end, to a file or a pipe.
struct TarOutput {
    private let output: FileDescriptor
    private var padding: Int64 = 0
    private var missing: Int64 = 0

    init(_ output: FileDescriptor) {
        self.output = output
    }

    mutating func begin(_ name: String, bytes: Int64) async throws {
        let head = TarHead(name: name, byteCount: bytes)
        padding = head.padding
        missing = bytes
        try await put(head.bytes)
    }

    mutating func write(_ bytes: [UInt8]) async throws {
        missing -= Int64(bytes.count)
        try await put(bytes)
    }

    func endFile() async throws {
        try await put([UInt8](repeating: 0, count: Int(padding)))
    }

    /// Fills a file up that ended too early.
    mutating func abandonFile() async throws {
        while missing > 0 { try await write([UInt8](repeating: 0, count: Int(min(missing, 1 << 20)))) }
        try await endFile()
    }

    func finish() async throws {
        try await put([UInt8](repeating: 0, count: 2 * Int(TarHead.blockBytes)))
    }

    /// Adds a file of the disk and returns its entry of the manifest.
    mutating func add(_ path: FilePath, as name: String) async throws -> BackupManifest.Entry {
        let file = try await blocking { try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) }
        defer { try? file.close() }
        let size = try await blocking {
            let size = try file.seek(offset: 0, from: .end)
            try file.seek(offset: 0, from: .start)
            return size
        }
        try await begin(name, bytes: size)
        var hash = SHA256()
        while true {
            try Task.checkCancellation()
            let bytes = try await blocking { try file.nextPiece(StoredFile.pieceBytes) }
            if bytes.isEmpty { break }
            hash.update(data: bytes)
            try await write(bytes)
        }
        try await endFile()
        return BackupManifest.Entry(name: name, bytes: size, sha256: hash.finalize().hexadecimal)
    }

    private func put(_ bytes: [UInt8]) async throws {
        let output = output
        try await blocking { _ = try output.writeAll(bytes) }
    }
}

extension FileDescriptor {
    /// The next bytes of a file or a pipe: fewer than `count` only at the end, none after it. Blocks its thread.
    func nextPiece(_ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let all = UnsafeMutableRawBufferPointer(buffer)
            while filled < count {
                let read = try read(into: UnsafeMutableRawBufferPointer(rebasing: all[filled..<count]))
                if read == 0 { return }
                filled += read
            }
        }
    }
}
