import Audio
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Damaged recordings")
struct DamageTests {
    private static let kinds = ["ac3", "flac", "m4a", "mkv", "mp3", "webm", "wav", "wma"]

    @Test("a whole recording is not called damaged", arguments: kinds + ["aiff", "caf", "ogg", "opus"])
    func whole(_ kind: String) async throws {
        try await TemporaryFolder.with { folder in
            let sound = try await decode(make(kind, in: folder))
            #expect(sound.damage == nil)
            #expect(abs(sound.sampleCount - 25 * 16_000) < 1_000)
        }
    }

    @Test("a recording that lost its end says so, and how much was read", arguments: kinds)
    func truncated(_ kind: String) async throws {
        try await TemporaryFolder.with { folder in
            let path = try await make(kind, in: folder)
            let bytes = try path.contents()
            try path.write(bytes.prefix(bytes.count * 6 / 10))
            let sound = try await decode(path)
            try expectReason(sound.damage)
            #expect((8 * 16_000..<17 * 16_000).contains(sound.sampleCount))
        }
    }

    @Test("a recording with garbage in its middle says so", arguments: ["ac3", "m4a", "mkv", "mp3", "ogg", "opus", "wma"])
    func garbage(_ kind: String) async throws {
        try await TemporaryFolder.with { folder in
            let path = try await make(kind, in: folder)
            var bytes = try path.contents()
            let middle = bytes.count / 2
            bytes.replaceSubrange(middle..<middle + 2000, with: (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 7 &+ $0 / 3) })
            try path.write(bytes)
            let sound = try await decode(path)
            try expectReason(sound.damage)
            #expect(sound.sampleCount > 20 * 16_000)
        }
    }

    private func decode(_ path: FilePath) async throws -> DecodedSound {
        var count = 0
        let sound = try await AudioDecoder(path: path).decode { count += $0.count }
        #expect(sound.sampleCount == count)
        return sound
    }

    private func make(_ kind: String, in folder: FilePath) async throws -> FilePath {
        let path = folder.appending("talk.\(kind)")
        try await Media.make(["-i", Recordings.path("clip25-en.wav").string, "-movflags", "faststart"], path)
        return path
    }

    private func expectReason(_ reason: String?) throws {
        let reason = try #require(reason)
        #expect(!reason.isEmpty && !reason.contains("/") && !reason.contains("@ 0x") && !reason.contains("["))
    }
}
