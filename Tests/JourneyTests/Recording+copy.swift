import Foundation
import SystemPackage
import TestSupport

extension Recording {
    /// The same sound in a file that is not stored yet.
    func copy(in folder: FilePath) async throws -> FilePath {
        let copy = folder.appending(name)
        let title = "title=\(UUID().uuidString)"
        try await CommandLineProgram("ffmpeg", ["-v", "error", "-i", path.string, "-c", "copy", "-metadata", title, copy.string]).succeed()
        return copy
    }
}
