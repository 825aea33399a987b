import Basics
import SystemPackage

/// A file for a media tool, whose own faults are told from those of its folder and disk.
struct MediaFile: Sendable {
    let path: FilePath

    /// Returns the file's size in bytes; throws if it is empty or can't be read at its beginning and end.
    ///
    /// - Parameter thoroughly: Whether to read all of it. A tool's "Input/output error" means either a failing disk or a file whose content
    ///   breaks off, and only reading every byte tells which.
    /// - Throws: `AudioError.empty`, `fileMissing` or `machineFailed`, or `CancellationError`.
    @discardableResult
    func check(thoroughly: Bool = false) async throws -> Int64 {
        let size = try await blocking { try read(all: thoroughly) }
        try Task.checkCancellation()
        return size
    }

    private func read(all: Bool) throws -> Int64 {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
            defer { try? file.close() }
            let size = try file.seek(offset: 0, from: .end)
            guard size > 0 else { throw AudioError.empty }
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: all ? 1 << 20 : 4096, alignment: 16)
            defer { piece.deallocate() }
            guard all else {
                _ = try file.read(fromAbsoluteOffset: 0, into: piece)
                _ = try file.read(fromAbsoluteOffset: max(0, size - Int64(piece.count)), into: piece)
                return size
            }
            var offset: Int64 = 0
            while case let count = try file.read(fromAbsoluteOffset: offset, into: piece), count > 0 { offset += Int64(count) }
            return size
        } catch Errno.noSuchFileOrDirectory {
            throw AudioError.fileMissing
        } catch let error as Errno {
            throw AudioError.machineFailed(reason: error.description)
        }
    }
}
