import Speech
import SystemPackage
import TestSupport
import Testing
import Transcripts

@Suite("Transcribing recordings")
struct AccuracyTests {
    @Test("no more words are wrong than with the engine alone, plus one in a hundred", arguments: Recordings.groups)
    func accuracy(_ group: Recordings.Group) async throws {
        var (errors, words) = (0, 0)
        for recording in group.recordings {
            let heard = try await DemoEngine.shared.hearing(recording)
            let rate = WordErrorRate(reference: recording.text, hypothesis: heard.text)
            errors += rate.errors
            words += rate.words
            #expect(heard.languages == [recording.language])
        }
        #expect(Double(errors) / Double(words) <= group.measuredErrorRate + 0.01, "\(errors) of \(words) words")
    }

    @Test("silence and noise give no text, and the decoder is not even asked", arguments: Recordings.speechless)
    func speechless(_ recording: Recording) async throws {
        let pool = try await DemoEngine.newPool(size: 1)
        let heard = try await Hearing(recording.path, pool: pool)
        #expect(heard.blocks.isEmpty && heard.languages.isEmpty)
        #expect(try #require(heard.duration) > .zero)
        #expect(heard.positions.last == heard.duration)
        #expect(pool.count == 0)
    }

    @Test("a sentence starts and ends where it is spoken", arguments: Recordings.short)
    func times(_ recording: Recording) async throws {
        let heard = try await DemoEngine.shared.hearing(recording)
        let (first, last) = (try #require(heard.segments.first), try #require(heard.segments.last))
        let (start, end) = (try #require(recording.sentences.first?.start), try #require(recording.sentences.last?.end))
        #expect(abs(first.start.seconds - start.seconds) <= 0.3)
        #expect(abs(last.end.seconds - end.seconds) <= 0.3)
    }

    @Test(
        "times go forward, also from block to block, and stay inside the file",
        arguments: Recordings.clips + [Recordings.named("long-en.wav")]
    )
    func order(_ recording: Recording) async throws {
        let heard = try await DemoEngine.shared.hearing(recording)
        #expect(heard.blocks.count > (recording.name == "long-en.wav" ? 5 : 0))
        #expect(heard.blocks.map(\.end) == heard.blocks.map(\.end).sorted())
        #expect(heard.positions == heard.positions.sorted())
        for (left, right) in zip(heard.segments, heard.segments.dropFirst()) {
            #expect(left.start <= left.end)
            #expect(left.start <= right.start)
        }
        for (before, block) in zip(heard.blocks, heard.blocks.dropFirst()) {
            #expect(block.segments.allSatisfy { $0.start >= before.end && $0.end <= block.end })
        }
        #expect(try #require(heard.blocks.last?.end) <= #require(heard.duration))
    }

    @Test("a second time gives the same text and times")
    func determinism() async throws {
        let recording = Recordings.named("clip25-de.wav")
        let first = try await DemoEngine.shared.hearing(recording)
        let second = try await Hearing(recording.path, pool: DemoEngine.shared.pool())
        #expect(first == second)
    }

    @Test("blocks that are recognized side by side come in their order, with the same text")
    func sideBySide() async throws {
        let recording = Recordings.named("clip25-es.wav")
        let alone = try await Hearing(recording.path, pool: DemoEngine.newPool(size: 1))
        #expect(try await DemoEngine.shared.hearing(recording) == alone)
    }

    @Test("of a range only that is transcribed, with the times of the file")
    func range() async throws {
        let recording = Recordings.named("clip25-en.wav")
        let sentence = try #require(recording.sentences.dropFirst(2).first)
        var options = TranscriptionOptions()
        options.language = Language(code: "en")
        options.start = sentence.start - Timestamp(milliseconds: 300)
        options.end = sentence.end + Timestamp(milliseconds: 300)
        let heard = try await Hearing(recording.path, pool: DemoEngine.shared.pool(), options: options)
        #expect(WordErrorRate(reference: sentence.text, hypothesis: heard.text).errors == 0)
        let first = try #require(heard.segments.first)
        #expect(abs(first.start.seconds - sentence.start.seconds) <= 0.3)
        #expect(heard.duration == options.end)
        #expect(heard.languages.isEmpty)
    }

    @Test("two speakers on two channels are told apart, and what they say comes in the order in which they say it")
    func speakers() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("call.wav")
            let (first, second) = (Recordings.named("clip25-en.wav"), Recordings.named("short-en-2.wav"))
            let join = "[1]adelay=9000,apad=whole_dur=25[b];[0][b]join=inputs=2:channel_layout=stereo"
            let arguments = ["-i", first.path.string, "-i", second.path.string, "-filter_complex", join, path.string]
            try await CommandLineProgram("ffmpeg", ["-nostdin", "-v", "error"] + arguments).succeed()
            let heard = try await Hearing(path, pool: DemoEngine.shared.pool(), channels: 2)
            for (speaker, recording) in [("Speaker 1", first), ("Speaker 2", second)] {
                let text = heard.segments.filter { $0.speaker == speaker }.map(\.text).joined(separator: " ")
                #expect(WordErrorRate(reference: recording.text, hypothesis: text).errors <= 1, "\(speaker): \(text)")
            }
            #expect(heard.segments.allSatisfy { $0.speaker != nil })
            #expect(heard.segments.map(\.start) == heard.segments.map(\.start).sorted())
            #expect(heard.blocks.allSatisfy { block in block.segments.allSatisfy { $0.speaker == "Speaker \(block.channel + 1)" } })
            #expect(heard.blocks.count >= 3)
        }
    }

    @Test("without voice activity every word is heard too, and nothing is where nobody speaks")
    func everything() async throws {
        var options = TranscriptionOptions()
        options.voiceActivity = nil
        let recording = Recordings.named("clip25-en.wav")
        let heard = try await Hearing(recording.path, pool: DemoEngine.shared.pool(), options: options)
        #expect(heard.languages == ["en"])
        #expect(WordErrorRate(reference: recording.text, hypothesis: heard.text).rate <= 0.1, "\(heard.text)")
        #expect(heard.blocks.map(\.start).first == .zero)
        for recording in Recordings.speechless {
            let heard = try await Hearing(recording.path, pool: DemoEngine.shared.pool(), options: options)
            #expect(heard.segments.isEmpty, "\(recording.name): \(heard.text)")
        }
    }

    @Test("what a model cannot do is refused before the file is opened")
    func refusal() async throws {
        var options = TranscriptionOptions()
        options.language = Language(code: "yue")
        let pool = try await DemoEngine.newPool(size: 1)
        let refusal = #expect(throws: (any Error).self) { try pool.model.check(options) }
        let error = await #expect(throws: (any Error).self) { _ = try await Hearing("/nowhere.wav", pool: pool, options: options) }
        #expect(String(describing: error) == String(describing: refusal))
    }

    @Test("speech in another language is translated to English")
    func translation() async throws {
        var options = TranscriptionOptions()
        options.translate = true
        var (errors, words) = (0, 0)
        for recording in Recordings.short where recording.language != "en" && recording.name.hasSuffix("1.wav") {
            let heard = try await Hearing(recording.path, pool: DemoEngine.shared.pool(), options: options)
            let rate = WordErrorRate(reference: try #require(recording.translation), hypothesis: heard.text)
            errors += rate.errors
            words += rate.words
        }
        #expect(errors * 4 <= words, "\(errors) of \(words) words")
    }

    @Test("what is wrong with a file reaches the one who listens")
    func errors() async throws {
        let pool = try await DemoEngine.newPool(size: 1)
        await #expect(throws: (any Error).self) { _ = try await Hearing(Recordings.path("manifest.json"), pool: pool) }
        await #expect(throws: (any Error).self) {
            _ = try await Hearing(Recordings.path("silence.wav"), pool: pool, maximumDuration: .seconds(1))
        }
    }
}
