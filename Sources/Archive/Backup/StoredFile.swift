import Basics
import Crypto
import Foundation
import SystemPackage

/// A recording's file with the facts that its row states.
struct StoredFile: Sendable, Hashable {
    let name: String
    let bytes: Int64
    let sha256: String

    static let pieceBytes = 1 << 20

    /// Reads the file piece by piece and compares it with the facts; returns what is wrong, nil if nothing is.
    ///
    /// At most `bytes` are passed on.
    func read(in folder: RecordingFolder, _ consume: ([UInt8]) async throws -> Void) async throws -> String? {
        let path = folder.path(of: name)
        let file: FileDescriptor
        do {
            file = try await blocking { try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) }
        } catch Errno.noSuchFileOrDirectory {
            return "\(name): the file is missing"
        }
        defer { try? file.close() }
        guard try await blocking({ try file.seek(offset: 0, from: .end) }) == bytes else { return "\(name): the file has another size" }
        var hash = SHA256()
        var place: Int64 = 0
        while place < bytes {
            try Task.checkCancellation()
            let (start, count) = (place, Int(min(Int64(Self.pieceBytes), bytes - place)))
            let piece: [UInt8]
            do {
                piece = try await blocking { try file.piece(at: start, count: count) }
            } catch let error as Errno {
                return "\(name): the file can't be read: \(error)"
            }
            guard !piece.isEmpty else { return "\(name): the file became shorter" }
            hash.update(data: piece)
            place += Int64(piece.count)
            try await consume(piece)
        }
        return hash.finalize().hexadecimal == sha256 ? nil : "\(name): the file's content has changed (its SHA-256 is another one)"
    }
}

extension FileDescriptor {
    /// At most `count` bytes from a place on; none at the end. Blocks its thread.
    fileprivate func piece(at offset: Int64, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
