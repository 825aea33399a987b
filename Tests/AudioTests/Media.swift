import Audio
import SystemPackage
import TestSupport

/// Media files that tests make with ffmpeg.
enum Media {
    /// Runs ffmpeg with these arguments and the file to write.
    static func make(_ arguments: [String], _ path: FilePath) async throws {
        try await CommandLineProgram("ffmpeg", ["-nostdin", "-v", "error", "-y"] + arguments + ["file:\(path)"]).succeed()
    }

    /// All samples of a file, mixed.
    static func samples(of path: FilePath, range: Range<Int> = 0..<Int.max, maximumDuration: Duration? = nil) async throws -> [Float] {
        var samples: [Float] = []
        try await AudioDecoder(path: path, range: range, maximumDuration: maximumDuration).decode { samples += $0 }
        return samples
    }

    /// All samples of so many channels of a file; fails where the pieces don't follow one another.
    static func channels(_ count: Int, of path: FilePath, range: Range<Int> = 0..<Int.max) async throws -> [[Float]] {
        struct Gap: Error {}
        var channels = [[Float]](repeating: [], count: count)
        try await AudioDecoder(path: path, channels: count, range: range).decodeChannels { start, sound in
            guard start == range.lowerBound + channels[0].count, sound.count == count else { throw Gap() }
            for index in channels.indices { channels[index] += sound[index] }
        }
        return channels
    }

    /// An hour of silence, so long that ffmpeg waits for the consumer.
    static func hour(in folder: FilePath) async throws -> FilePath {
        let path = folder.appending("hour.wav")
        try await make(["-f", "lavfi", "-i", "anullsrc=r=8000:d=3600"], path)
        return path
    }

    /// The programs that run and whose command line names the file.
    static func processes(reading path: FilePath) async throws -> [Int32] {
        try await CommandLineProgram("pgrep", ["-f", "file:\(path)"]).run().output.split(separator: "\n").compactMap { Int32($0) }
    }

    /// Whether a program runs whose command line names the file.
    static func isInUse(_ path: FilePath) async throws -> Bool {
        try await CommandLineProgram("pgrep", ["-f", "file:\(path)"]).run().code == 0
    }
}
