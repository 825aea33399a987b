import Audio
import SystemPackage
import TestSupport
import Testing

@Suite("Several channels")
struct ChannelTests {
    @Test(
        "a voice is as loud in the mix as on its own, however it is spread on two channels",
        arguments: ["c0=c0|c1=c0", "c0=c0|c1=-1*c0", "c0=c0|c1=-0.8*c0", "c0=0.1*c0|c1=-0.1*c0"]
    )
    func mix(_ sides: String) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("stereo.wav")
            let clip = Recordings.path("short-en-2.wav")
            try await Media.make(["-i", clip.string, "-af", "pan=stereo|\(sides)"], path)
            let (alone, mixed) = (try await Media.channels(2, of: path), try await Media.samples(of: path))
            let loudest = alone.map(energy).max() ?? 0
            #expect(energy(mixed) > 0.5 * loudest)
            #expect(energy(mixed) < 1.5 * loudest)
            #expect(mixed.count == alone[0].count)
        }
    }

    @Test("a voice on one side is in the mix, and so are two that speak at once", arguments: [0.0, 1.0])
    func sides(_ share: Double) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("stereo.wav")
            let voices = ["-i", Recordings.path("short-en-1.wav").string, "-i", Recordings.path("short-de-1.wav").string]
            let join = "[1]volume=\(share)[b];[0][b]join=inputs=2:channel_layout=stereo"
            try await Media.make(voices + ["-filter_complex", join], path)
            let (alone, mixed) = (try await Media.channels(2, of: path), try await Media.samples(of: path))
            let parts = alone.map(energy)
            #expect(parts[0] > 0)
            #expect((parts[1] > 0) == (share > 0))
            // The mean of unlike sounds has a quarter of their energies.
            #expect(energy(mixed) > 0.2 * (parts[0] + parts[1]))
        }
    }

    @Test("where a cable is soldered wrongly for a while only, the mix does not click")
    func change() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("stereo.wav")
            let wave = "sin(2*PI*100*t)/2"
            try await Media.make(["-f", "lavfi", "-i", "aevalsrc=\(wave)|\(wave)*if(between(t\\,1\\,2)\\,-1\\,1):d=3:s=16000"], path)
            let mixed = try await Media.samples(of: path)
            let steps = zip(mixed, mixed.dropFirst()).map { abs($0 - $1) }
            #expect((steps.max() ?? 1) < 0.03)
            #expect(energy(Array(mixed[16_000..<32_000])) > 0.9 * energy(Array(mixed[32_000...])))
        }
    }

    @Test("each channel comes by itself, and those that a file does not have are silent", arguments: [1, 2, 4, 6])
    func separate(_ count: Int) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("many.wav")
            let tones = (0..<count).map { "\($0 + 1)*sin(2*PI*200*t)/10" }.joined(separator: "|")
            try await Media.make(["-f", "lavfi", "-i", "aevalsrc=\(tones):d=1.5:s=16000"], path)
            let wanted = max(2, count)
            let channels = try await Media.channels(wanted, of: path)
            #expect(channels.allSatisfy { $0.count == 24_000 })
            for (index, channel) in channels.enumerated() {
                let amplitude = channel.map { abs($0) }.max() ?? 0
                #expect(abs(amplitude - (index < count ? Float(index + 1) / 10 : 0)) < 0.01)
            }
        }
    }

    @Test("surround sound keeps its middle, where people speak")
    func surround() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("film.flac")
            try await Media.make(["-f", "lavfi", "-i", "aevalsrc=0|0|sin(2*PI*300*t)|0|0|0:d=1:s=48000:c=5.1"], path)
            #expect((try await Media.samples(of: path)).contains { abs($0) > 0.2 })
        }
    }

    private func energy(_ samples: [Float]) -> Float {
        samples.reduce(0) { $0 + $1 * $1 }
    }
}

@Suite("A part of a recording")
struct RangeTests {
    @Test(
        "has exactly the samples that it has in the whole, in every container",
        arguments: ["wav", "mp3", "m4a", "flac", "ogg", "webm"],
        [0..<16_000, 100..<101, 15_999..<48_003, 200_000..<Int.max]
    )
    func exact(_ kind: String, _ range: Range<Int>) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("clip.\(kind)")
            try await Media.make(["-i", Recordings.path("clip25-en.wav").string, "-ar", kind == "webm" ? "48000" : "44100"], path)
            let whole = try await Media.samples(of: path)
            #expect(try await Media.samples(of: path, range: range) == Array(whole[range.clamped(to: 0..<whole.count)]))
            #expect(try await Media.channels(2, of: path, range: range)[0] == Array(whole[range.clamped(to: 0..<whole.count)]))
        }
    }

    @Test("that lies behind the end has nothing, and that is no error")
    func behind() async throws {
        let path = Recordings.path("short-en-1.wav")
        #expect(try await Media.samples(of: path, range: 1_000_000..<2_000_000).isEmpty)
        #expect(try await Media.samples(of: path, range: 5..<5).isEmpty)
    }

    @Test("ends the decoder's work, so that a limit behind it is not met")
    func end() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("endless.wav")
            try await Media.make(["-f", "lavfi", "-i", "anullsrc=r=16000:d=1200"], path)
            let count = try await Media.samples(of: path, range: 0..<32_000, maximumDuration: .seconds(3)).count
            #expect(count == 32_000)
            await #expect(throws: AudioError.tooLong(limitSeconds: 3)) {
                _ = try await Media.samples(of: path, range: 0..<160_000, maximumDuration: .seconds(3))
            }
        }
    }
}
