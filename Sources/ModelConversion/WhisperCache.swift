import Foundation
import ModelLibrary
import SystemPackage

/// The checkpoints that an installation of OpenAI's Whisper left on this machine.
package enum WhisperCache {
    /// A checkpoint that can be converted.
    package struct Checkpoint: Sendable, Hashable {
        /// The name of the model, "base.en".
        package let name: String
        package let path: FilePath
        /// The length of the file in bytes.
        package let sizeBytes: Int64
    }

    /// The folder of these checkpoints: `whisper` in `XDG_CACHE_HOME`, or else in `~/.cache`; nil without a home.
    package static func folder(environment: [String: String] = ProcessInfo.processInfo.environment) -> FilePath? {
        if let cache = environment["XDG_CACHE_HOME"], !cache.isEmpty { return FilePath(cache).appending("whisper") }
        return environment["HOME"].map { FilePath($0).appending(".cache").appending("whisper") }
    }

    /// The checkpoints in a folder, sorted by name; none if the folder can't be read. Only their first bytes are checked.
    package static func checkpoints(in folder: FilePath) -> [Checkpoint] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        return names.sorted().compactMap { file in
            let path = folder.appending(file)
            guard file.hasSuffix(".pt"), file.count > 3, let descriptor = try? FileDescriptor.openFile(path) else { return nil }
            defer { try? descriptor.close() }
            guard ZipArchive.isOne(descriptor), let length = try? descriptor.length() else { return nil }
            return Checkpoint(name: String(file.dropLast(3)), path: path, sizeBytes: length)
        }
    }
}
