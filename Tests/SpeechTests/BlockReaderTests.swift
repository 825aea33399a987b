import Audio
import Speech
import SystemPackage
import TestSupport
import Testing
import Transcripts

@Suite("Reading blocks of a file")
struct BlockReaderTests {
    @Test("gives all the sound, and blocks that are made of it, in the order in which they begin", arguments: Recordings.clips)
    func sound(_ recording: Recording) async throws {
        let reading = try await Reading(recording.path)
        var whole: [Float] = []
        try await AudioDecoder(path: recording.path).decode { whole += $0 }
        #expect(reading.sound == [whole])
        #expect(reading.end == Timestamp(milliseconds: 25_000))
        #expect(!reading.blocks.isEmpty)
        #expect(reading.blocks.map(\.start) == reading.blocks.map(\.start).sorted())
        for block in reading.blocks { #expect(block.samples == Array(whole[block.start..<block.end])) }
        for sentence in recording.sentences {
            let middle = (sentence.start.sample + sentence.end.sample) / 2
            #expect(reading.blocks.contains { $0.start <= middle && middle < $0.end })
        }
    }

    @Test("resuming from any settled time, or from a block's end, gives exactly the rest", arguments: ["long-en.wav", "clip25-de.wav"])
    func resume(_ name: String) async throws {
        let path = Recordings.path(name)
        let whole = try await Reading(path)
        #expect(whole.settled.last == whole.end)
        let ends = whole.blocks.map { Timestamp(sample: $0.end) }
        for time in (ends + whole.settled).enumerated().filter({ name.hasPrefix("clip") || $0.offset % 5 == 4 }).map(\.element) {
            let rest = try await Reading(path, from: time)
            #expect(rest.blocks == whole.blocks.filter { $0.start >= time.sample }, "from \(time)")
            #expect(rest.sound == whole.sound)
            #expect(rest.end == whole.end)
        }
    }

    @Test("without voice activity the blocks hold everything, and resuming gives the rest")
    func everything() async throws {
        var options = TranscriptionOptions()
        options.voiceActivity = nil
        let path = Recordings.path("long-en.wav")
        let whole = try await Reading(path, options: options)
        #expect(whole.blocks.flatMap(\.samples) == whole.sound[0])
        #expect(whole.blocks.allSatisfy { $0.samples.count <= 28 * 16_000 && $0.speech == nil })
        for (block, next) in zip(whole.blocks, whole.blocks.dropFirst()) {
            #expect(block.end == next.start)
            let sentences = Recordings.named("long-en.wav").sentences
            let cut = Timestamp(sample: block.end)
            #expect(!sentences.contains { $0.start + Timestamp(milliseconds: 100) < cut && cut < $0.end - Timestamp(milliseconds: 100) })
        }
        let place = try #require(whole.blocks.dropFirst(2).first)
        let rest = try await Reading(path, options: options, from: Timestamp(sample: place.end))
        #expect(rest.blocks == Array(whole.blocks.dropFirst(3)))
    }

    @Test("silence gives no blocks, but a settled time at least every ten seconds")
    func noSpeech() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("silence.flac")
            try await ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=16000:d=95", path.string])
            let reading = try await Reading(path)
            #expect(reading.blocks.isEmpty)
            #expect(reading.settled.last == Timestamp(milliseconds: 95_000))
            for (time, next) in zip([.zero] + reading.settled, reading.settled) {
                #expect(time < next && next - time <= Timestamp(milliseconds: 10_000))
            }
        }
    }

    @Test("a range gives blocks that lie in it, at the file's times", arguments: [true, false])
    func range(_ listens: Bool) async throws {
        var options = TranscriptionOptions()
        options.start = Timestamp(milliseconds: 3_333)
        options.end = Timestamp(milliseconds: 17_001)
        if !listens { options.voiceActivity = nil }
        let path = Recordings.path("clip25-en.wav")
        let reading = try await Reading(path, options: options)
        var whole: [Float] = []
        try await AudioDecoder(path: path).decode { whole += $0 }
        #expect(reading.sound == [Array(whole[53_328..<272_016])])
        #expect(reading.end == options.end)
        #expect(!reading.blocks.isEmpty)
        for block in reading.blocks {
            #expect(block.start >= 53_328 && block.end <= 272_016)
            #expect(block.samples == Array(whole[block.start..<block.end]))
        }
        for time in reading.settled {
            let rest = try await Reading(path, options: options, from: time)
            #expect(rest.blocks == reading.blocks.filter { $0.start >= time.sample })
        }
    }

    @Test("the channels of a call are cut each by itself, and resuming from a settled time gives exactly the rest")
    func channels() async throws {
        try await TemporaryFolder.with { folder in
            var options = TranscriptionOptions()
            options.end = Timestamp(milliseconds: 100_000)
            let (path, late) = (folder.appending("call.wav"), folder.appending("late.wav"))
            let files = [Recordings.path("long-en.wav"), late]
            try await ffmpeg(["-i", files[0].string, "-af", "adelay=7000", late.string])
            let join = ["-filter_complex", "join=inputs=2:channel_layout=stereo", path.string]
            try await ffmpeg(files.flatMap { ["-i", $0.string] } + join)
            let call = try await Reading(path, options: options, channels: 2)
            for (channel, file) in files.enumerated() {
                let alone = try await Reading(file, options: options).blocks
                #expect(alone.count > 2)
                #expect(call.blocks.filter { $0.channel == channel }.map(\.start) == alone.map(\.start))
                #expect(call.blocks.filter { $0.channel == channel }.map(\.samples) == alone.map(\.samples))
            }
            #expect(call.blocks.map(\.start) == call.blocks.map(\.start).sorted())
            for time in call.settled {
                let rest = try await Reading(path, options: options, channels: 2, from: time)
                #expect(rest.blocks == call.blocks.filter { $0.start >= time.sample })
            }
        }
    }

    @Test("a reader waits for its handler, and ends with the handler's error")
    func ends() async throws {
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            _ = try await BlockReader(path: Recordings.path("long-en.wav"), options: TranscriptionOptions()).read { event in
                if case .block = event { throw Enough() }
            }
        }
    }
}

private func ffmpeg(_ arguments: [String]) async throws {
    try await CommandLineProgram("ffmpeg", ["-nostdin", "-v", "error"] + arguments).succeed()
}

/// What a reader gave; fails where its promises are not kept on the way.
private struct Reading {
    struct Broken: Error {}

    var sound: [[Float]]
    var blocks: [Block] = []
    var settled: [Timestamp] = []
    var end = Timestamp.zero

    init(_ path: FilePath, options: TranscriptionOptions = .init(), channels: Int = 1, from start: Timestamp = .zero) async throws {
        var (sound, blocks, settled) = ([[Float]](repeating: [], count: channels), [Block](), [Timestamp]())
        let outcome = try await BlockReader(path: path, options: options, channels: channels).read(from: start) { event in
            switch event {
            case .sound(let place, let piece):
                guard place == (options.start?.sample ?? 0) + sound[0].count else { throw Broken() }
                for index in sound.indices { sound[index] += piece[index] }
            case .block(let block):
                guard block.start >= settled.last?.sample ?? 0 else { throw Broken() }
                blocks.append(block)
            case .settled(let time):
                guard blocks.allSatisfy({ $0.start < time.sample }) else { throw Broken() }
                settled.append(time)
            }
        }
        end = outcome.end
        (self.sound, self.blocks, self.settled) = (sound, blocks, settled)
    }
}
