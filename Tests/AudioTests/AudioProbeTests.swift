import Audio
import SystemPackage
import TestSupport
import Testing

@Suite("Describing sound")
struct AudioProbeTests {
    @Test("a wav says everything about itself")
    func wav() async throws {
        let description = try await AudioProbe().describe(Recordings.path("clip25-en.wav"))
        #expect(description.duration == 25_000)
        #expect(description.containerFormat == "wav")
        #expect(description.codec == "pcm_s16le")
        #expect(description.channels == 1)
        #expect(description.sampleRate == 16_000)
        #expect(!description.hasVideo)
    }

    @Test("every container has sound of about 1.8 seconds", arguments: Recordings.containers)
    func containers(_ recording: Recording) async throws {
        let description = try await AudioProbe().describe(recording.path)
        let duration = try #require(description.duration)
        #expect(abs(duration - 1800) < 150)
        #expect(description.hasVideo == recording.name.hasSuffix("mp4"))
    }

    @Test("a title is found, cover art is no video, moving pictures are")
    func titleAndVideo() async throws {
        try await TemporaryFolder.with { folder in
            let (cover, song, film) = (folder.appending("c.jpg"), folder.appending("s.mp3"), folder.appending("f.mkv"))
            let picture = ["-f", "lavfi", "-i", "color=d=1:s=64x64:r=10"]
            let sound = ["-f", "lavfi", "-i", "sine=d=1"]
            try await Media.make(picture + ["-frames:v", "1"], cover)
            let tag = ["-c:v", "copy", "-disposition:v", "attached_pic", "-metadata", "title=A song: it's \"ours\""]
            try await Media.make(sound + ["-i", cover.string, "-map", "0", "-map", "1"] + tag, song)
            try await Media.make(picture + sound, film)
            let described = try await AudioProbe().describe(song)
            #expect(described.title == "A song: it's \"ours\"")
            #expect(!described.hasVideo)
            #expect(try await AudioProbe().describe(film).hasVideo)
        }
    }

    @Test("a probe gives up in time")
    func timeLimit() async throws {
        await #expect(throws: AudioError.timedOut) {
            _ = try await AudioProbe(timeLimit: .zero).describe(Recordings.path("clip25-en.wav"))
        }
    }
}
