import Foundation
import SystemPackage

/// What the words on the command line stand for.
enum InputFiles {
    /// The endings of files that are taken for recordings where a whole folder is given.
    static let endings: Set<String> = [
        "3gp", "aac", "ac3", "aif", "aiff", "amr", "ape", "au", "avi", "caf", "flac", "flv", "m4a", "m4b", "m4v", "mka", "mkv", "mov",
        "mp2",
        "mp3", "mp4", "mpeg", "mpg", "mts", "mxf", "oga", "ogg", "ogv", "opus", "ra", "rm", "ts", "wav", "webm", "wma", "wmv", "wv",
    ]

    /// The files that an argument stands for: itself, the recordings in a folder and its folders, by name, or standard input put into a file
    /// of its own, which the caller removes.
    static func expand(_ argument: String) async throws -> [FilePath] {
        if argument == "-" { return [try await standardInput()] }
        let path = FilePath(argument)
        return path.isFolder ? recordings(in: path) : [path]
    }

    /// The recordings in a folder and its folders, sorted by name; hidden ones aside.
    static func recordings(in folder: FilePath) -> [FilePath] {
        let names = FileManager.default.enumerator(atPath: folder.string)?.compactMap { $0 as? String } ?? []
        return names.sorted()
            .filter { name in !name.split(separator: "/").contains { $0.hasPrefix(".") } }
            .map { folder.appending($0) }
            .filter { endings.contains($0.extension?.lowercased() ?? "") && !$0.isFolder }
    }

    /// Copies standard input piece by piece, because ffmpeg must be able to go back in a file to read all that there is.
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
    /// What can be read, in pieces of at most a mebibyte, read on a thread of its own one ahead at most.
    fileprivate var pieces: AsyncThrowingStream<Data, any Error> {
        let descriptor = fileDescriptor
        return AsyncThrowingStream {
            try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(
                        with: Result {
                            let data = try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).read(upToCount: 1 << 20)
                            return data.flatMap { $0.isEmpty ? nil : $0 }
                        }
                    )
                }
            }
        }
    }
}
