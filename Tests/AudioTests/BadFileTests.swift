import Audio
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Files that are no recordings")
struct BadFileTests {
    @Test("a text file renamed .mp3 is unreadable, and its path is not revealed")
    func text() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("notes.mp3")
            try path.write(Data(String(repeating: "These are only notes. ", count: 500).utf8))
            await expectUnreadable(path)
        }
    }

    @Test("an empty file is called empty")
    func empty() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("empty.wav")
            try path.write(Data())
            await #expect(throws: AudioError.empty) { _ = try await Media.samples(of: path) }
            await #expect(throws: AudioError.empty) { _ = try await AudioProbe().describe(path) }
        }
    }

    @Test("a video without sound, and a picture, have no audio", arguments: ["silent.mp4", "picture.png"])
    func noSound(_ name: String) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending(name)
            try await Media.make(["-f", "lavfi", "-i", "color=d=1:s=64x64:r=10", "-frames:v", name == "picture.png" ? "1" : "10"], path)
            let error = await #expect(throws: AudioError.self) { _ = try await Media.samples(of: path) }
            let probed = await #expect(throws: AudioError.self) { _ = try await AudioProbe().describe(path) }
            guard name == "silent.mp4" else { return }
            #expect(error == .noAudio)
            #expect(probed == .noAudio)
        }
    }

    @Test("a wav header without samples is unreadable")
    func noSamples() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("header.wav")
            try path.write(Recordings.path("silence.wav").contents().prefix(44))
            await #expect(throws: AudioError.self) { _ = try await Media.samples(of: path) }
        }
    }

    @Test("an m4a that lost its end has lost its index, and is unreadable")
    func truncatedWithoutIndex() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("cut.m4a")
            let whole = try Recordings.path("short-en-1.m4a").contents()
            try path.write(whole.prefix(whole.count / 2))
            await expectUnreadable(path)
        }
    }

    @Test("a damaged recording gives what can be read of it", arguments: ["m4a", "mp3", "flac", "ogg", "webm"])
    func truncated(_ kind: String) async throws {
        try await TemporaryFolder.with { folder in
            let whole = folder.appending("whole.\(kind)")
            try await Media.make(["-i", Recordings.path("clip25-en.wav").string, "-movflags", "faststart"], whole)
            let bytes = try whole.contents()
            let path = folder.appending("half.\(kind)")
            try path.write(bytes.prefix(bytes.count * 6 / 10))
            let count = try await Media.samples(of: path).count
            #expect(count > 8 * 16_000)
            #expect(count < 25 * 16_000)
        }
    }

    @Test("a playlist opens no other file", arguments: ["list.m3u8", "list.ffconcat"])
    func playlist(_ name: String) async throws {
        try await TemporaryFolder.with { folder in
            let other = Recordings.path("short-en-1.mp3")
            let path = folder.appending(name)
            let lists = [
                "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n\(other)\n#EXT-X-ENDLIST\n",
                "list.ffconcat": "ffconcat version 1.0\nfile '\(other)'\n",
            ]
            try path.write(Data((lists[name] ?? "").utf8))
            await expectUnreadable(path)
        }
    }

    @Test(
        "names like options, protocols and shell commands are only names",
        arguments: ["-i", "a b 'c' \"d\".wav", "$(id);.wav", "http:x.wav", "%d.wav", "ü.wav"]
    )
    func names(_ name: String) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending(name)
            try path.write(Recordings.path("short-en-1.wav").contents())
            #expect(try await Media.samples(of: path).count == 28_818)
            #expect(try await AudioProbe().describe(path).codec == "pcm_s16le")
        }
    }

    private func expectUnreadable(_ path: FilePath, sourceLocation: SourceLocation = #_sourceLocation) async {
        func check(_ error: AudioError?) {
            guard case .unreadable(let reason) = error else {
                Issue.record("\(String(describing: error)) instead of unreadable", sourceLocation: sourceLocation)
                return
            }
            #expect(!reason.isEmpty && !reason.contains("/") && !reason.contains("0x"), sourceLocation: sourceLocation)
        }
        await check(#expect(throws: AudioError.self, sourceLocation: sourceLocation) { _ = try await Media.samples(of: path) })
        await check(#expect(throws: AudioError.self, sourceLocation: sourceLocation) { _ = try await AudioProbe().describe(path) })
    }
}
