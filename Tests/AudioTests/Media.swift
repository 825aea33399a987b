import Audio
import EarshotTesting
import SystemPackage

/// Media files that tests make with ffmpeg.
enum Media {
    /// Runs ffmpeg with these arguments and the file to write.
    static func make(_ arguments: [String], _ path: FilePath) async throws {
        try await CommandLineProgram("ffmpeg", ["-nostdin", "-v", "error", "-y"] + arguments + ["file:\(path)"]).succeed()
    }

    /// All samples of a file.
    static func samples(of path: FilePath, maximumDuration: Duration? = nil) async throws -> [Float] {
        var samples: [Float] = []
        try await AudioDecoder(path: path, maximumDuration: maximumDuration).decode { samples += $0 }
        return samples
    }

    /// Whether a program runs whose command line names the file.
    static func isInUse(_ path: FilePath) async throws -> Bool {
        try await CommandLineProgram("pgrep", ["-f", "file:\(path)"]).run().code == 0
    }
}
