import Basics
import Foundation
import SystemPackage

/// A recording of the command line.
struct InputFile: Hashable {
    let path: FilePath
    /// The path below the folder that was named; for a single file, its name.
    let name: FilePath
}

/// The recordings that arguments of the command line name.
enum InputFiles {
    /// The extensions of the files that a folder contributes.
    static let endings: Set<String> = [
        "3gp", "aac", "ac3", "aif", "aiff", "amr", "ape", "au", "avi", "caf", "flac", "flv", "m4a", "m4b", "m4v", "mka", "mkv", "mov",
        "mp2", "mp3", "mp4", "mpeg", "mpg", "mts", "mxf", "oga", "ogg", "ogv", "opus", "ra", "rm", "ts", "wav", "webm", "wma", "wmv", "wv",
    ]

    /// The files that an argument names: itself, the recordings in a folder, or a copy of standard input, which the caller removes.
    static func expand(_ argument: String) async throws -> [InputFile] {
        if argument == "-" { return [InputFile(path: try await standardInput(), name: "standard-input")] }
        let path = FilePath(argument)
        guard path.isFolder else { return [InputFile(path: path, name: FilePath(path.lastComponent?.string ?? argument))] }
        let found = recordings(in: path)
        for link in found.links { Terminal.say("\(link): skipped, because the link leads out of \(path)") }
        return found.files
    }

    /// The recordings in a folder and its subfolders, sorted by name, without hidden ones; and the links among them that lead out of the
    /// folder, which are not followed: who may write to the folder could publish any file with them.
    static func recordings(in folder: FilePath) -> (files: [InputFile], links: [FilePath]) {
        let names = FileManager.default.enumerator(atPath: folder.string)?.compactMap { $0 as? String } ?? []
        let files = names.sorted()
            .filter { name in !name.split(separator: "/").contains { $0.hasPrefix(".") } }
            .map { InputFile(path: folder.appending($0), name: FilePath($0)) }
            .filter { endings.contains($0.path.extension?.lowercased() ?? "") && !$0.path.isFolder }
        let root = real(folder)
        let isInside = { (file: InputFile) in root.map { root in real(file.path)?.starts(with: root) ?? false } ?? false }
        return (files.filter(isInside), files.filter { !isInside($0) }.map(\.path))
    }

    /// The path without links; nil if it leads nowhere.
    private static func real(_ path: FilePath) -> FilePath? {
        guard let resolved = realpath(path.string, nil) else { return nil }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
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
