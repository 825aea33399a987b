import Audio
import SystemPackage
import TestSupport
import Testing

@Suite("Decoding sound")
struct AudioDecoderTests {
    @Test("every container gives the same 1.8 seconds", arguments: Recordings.containers)
    func containers(_ recording: Recording) async throws {
        let samples = try await Media.samples(of: recording.path)
        #expect(abs(samples.count - 28_818) < 1_000)
        #expect(samples.contains { abs($0) > 0.1 })
        #expect(samples.allSatisfy { abs($0) <= 1 })
    }

    @Test("samples come in pieces of at most a second, and none is lost")
    func pieces() async throws {
        var sizes: [Int] = []
        try await AudioDecoder(path: Recordings.path("clip25-en.wav")).decode { sizes.append($0.count) }
        #expect(sizes.allSatisfy { 1...16_000 ~= $0 })
        #expect(sizes.reduce(0, +) == 25 * 16_000)
    }

    @Test("a voice on one side of a stereo recording is in the mix", arguments: ["c0=c0|c1=0*c0", "c0=0*c0|c1=c0"])
    func stereo(_ sides: String) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("stereo.flac")
            try await Media.make(["-f", "lavfi", "-i", "sine=d=1", "-af", "pan=stereo|\(sides)"], path)
            let samples = try await Media.samples(of: path)
            #expect(samples.contains { abs($0) > 0.02 })
        }
    }

    @Test("sound that starts late in a video keeps its time")
    func lateSound() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("late.mp4")
            let picture = ["-f", "lavfi", "-i", "color=d=4:s=64x64:r=10"]
            let sound = ["-itsoffset", "2", "-f", "lavfi", "-i", "sine=d=1"]
            try await Media.make(picture + sound + ["-c:v", "mpeg4", "-c:a", "aac"], path)
            let samples = try await Media.samples(of: path)
            let first = try #require(samples.firstIndex { abs($0) > 0.05 })
            #expect(abs(first - 32_000) < 1_600)
        }
    }

    @Test("a recording that is too long is refused, one of just the limit is not")
    func limit() async throws {
        let clip = Recordings.path("clip25-en.wav")
        await #expect(throws: AudioError.tooLong(limitSeconds: 24)) {
            _ = try await Media.samples(of: clip, maximumDuration: .seconds(24))
        }
        #expect(try await Media.samples(of: clip, maximumDuration: .seconds(25)).count == 25 * 16_000)
    }

    @Test("a decoder waits for its consumer")
    func backPressure() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("silence.flac")
            try await Media.make(["-f", "lavfi", "-i", "anullsrc=r=16000:d=1200"], path)
            var (count, isWaiting) = (0, false)
            try await AudioDecoder(path: path).decode { samples in
                if count == 0 { isWaiting = try await Media.isInUse(path) }
                count += samples.count
            }
            #expect(isWaiting)
            #expect(count == 1200 * AudioDecoder.sampleRate)
        }
    }
}

@Suite("Ending a decoder early")
struct DecoderEndTests {
    private struct Enough: Error {}

    @Test("ffmpeg is gone when the consumer throws")
    func consumerThrows() async throws {
        try await TemporaryFolder.with { folder in
            let path = try await Media.hour(in: folder)
            await #expect(throws: Enough.self) {
                try await AudioDecoder(path: path).decode { _ in throw Enough() }
            }
            #expect(try await !Media.isInUse(path))
        }
    }

    @Test("ffmpeg is gone when the task is cancelled while it waits for the consumer")
    func cancelled() async throws {
        try await TemporaryFolder.with { folder in
            let path = try await Media.hour(in: folder)
            let (started, start) = AsyncStream<Void>.makeStream()
            let task = Task {
                try await AudioDecoder(path: path).decode { _ in
                    start.yield()
                    for await _ in AsyncStream<Void>.makeStream().stream {}
                }
            }
            for await _ in started { break }
            #expect(try await Media.isInUse(path))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await !Media.isInUse(path))
        }
    }
}
