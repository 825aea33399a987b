import Basics
import Foundation
import SystemPackage

/// The recordings that arguments of the command line name.
enum InputFiles {
    /// The extensions of the files that a folder contributes.
    static let endings: Set<String> = [
        "3gp", "aac", "ac3", "aif", "aiff", "amr", "ape", "au", "avi", "caf", "flac", "flv", "m4a", "m4b", "m4v", "mka", "mkv", "mov",
        "mp2", "mp3", "mp4", "mpeg", "mpg", "mts", "mxf", "oga", "ogg", "ogv", "opus", "ra", "rm", "ts", "wav", "webm", "wma", "wmv", "wv",
    ]

    /// The files that an argument names: itself, the recordings in a folder, or a copy of standard input, which the caller removes.
    static func expand(_ argument: String) async throws -> [FilePath] {
        if argument == "-" { return [try await standardInput()] }
        let path = FilePath(argument)
        return path.isFolder ? recordings(in: path) : [path]
    }

    /// The recordings in a folder and its subfolders, sorted by name, without hidden ones.
    static func recordings(in folder: FilePath) -> [FilePath] {
        let names = FileManager.default.enumerator(atPath: folder.string)?.compactMap { $0 as? String } ?? []
        return names.sorted()
            .filter { name in !name.split(separator: "/").contains { $0.hasPrefix(".") } }
            .map { folder.appending($0) }
            .filter { endings.contains($0.extension?.lowercased() ?? "") && !$0.isFolder }
    }

    /// Copies standard input to a file, because ffmpeg can read some formats only if it can seek.
    private static func standardInput() async throws -> FilePath {
        let path = FilePath(NSTemporaryDirectory()).appending("earshot-\(UUID().uuidString)")
        let file = try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite
        )
        do {
            for try await piece in FileHandle.standardInput.pieces { _ = try file.writeAll(piece) }
            try file.close()
            return path
        } catch {
            try? file.close()
            try? FileManager.default.removeItem(atPath: path.string)
            throw error
        }
    }
}

extension FileHandle {
    /// The bytes that can be read, in pieces of at most a mebibyte.
    fileprivate var pieces: AsyncThrowingStream<Data, any Error> {
        let descriptor = fileDescriptor
        return AsyncThrowingStream {
            try await blocking {
                let data = try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).read(upToCount: 1 << 20)
                return data.flatMap { $0.isEmpty ? nil : $0 }
            }
        }
    }
}
