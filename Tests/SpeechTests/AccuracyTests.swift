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
            let result = try await DemoEngine.shared.result(recording)
            let rate = WordErrorRate(reference: recording.text, hypothesis: result.text)
            errors += rate.errors
            words += rate.words
            #expect(result.languages == [recording.language])
        }
        #expect(Double(errors) / Double(words) <= group.measuredErrorRate + 0.01, "\(errors) of \(words) words")
    }

    @Test("silence and noise give no text, and the decoder is not even asked", arguments: Recordings.speechless)
    func speechless(_ recording: Recording) async throws {
        let pool = try await DemoEngine.newPool(size: 1)
        let result = try await TranscriptionResult(recording.path, pool: pool)
        #expect(result.blocks.isEmpty && result.languages.isEmpty)
        #expect(try #require(result.duration) > .zero)
        #expect(result.positions.last == result.duration)
        #expect(pool.count == 0)
    }

    @Test("a sentence starts and ends where it is spoken", arguments: Recordings.short)
    func times(_ recording: Recording) async throws {
        let result = try await DemoEngine.shared.result(recording)
        let (first, last) = (try #require(result.segments.first), try #require(result.segments.last))
        let (start, end) = (try #require(recording.sentences.first?.start), try #require(recording.sentences.last?.end))
        #expect(abs(first.start.seconds - start.seconds) <= 0.3)
        #expect(abs(last.end.seconds - end.seconds) <= 0.3)
    }

    @Test(
        "times go forward, also from block to block, and stay inside the file",
        arguments: Recordings.clips + [Recordings.named("long-en.wav")]
    )
    func order(_ recording: Recording) async throws {
        let result = try await DemoEngine.shared.result(recording)
        #expect(result.blocks.count > (recording.name == "long-en.wav" ? 5 : 0))
        #expect(result.blocks.map(\.end) == result.blocks.map(\.end).sorted())
        #expect(result.positions == result.positions.sorted())
        for (left, right) in zip(result.segments, result.segments.dropFirst()) {
            #expect(left.start <= left.end)
            #expect(left.start <= right.start)
        }
        for (before, block) in zip(result.blocks, result.blocks.dropFirst()) {
            #expect(block.segments.allSatisfy { $0.start >= before.end && $0.end <= block.end })
        }
        #expect(try #require(result.blocks.last?.end) <= #require(result.duration))
    }

    @Test("a second time gives the same text and times")
    func determinism() async throws {
        let recording = Recordings.named("clip25-de.wav")
        let first = try await DemoEngine.shared.result(recording)
        let second = try await TranscriptionResult(recording.path, pool: DemoEngine.shared.pool())
        #expect(first == second)
    }

    @Test("blocks that are recognized side by side come in their order, with the same text")
    func sideBySide() async throws {
        let recording = Recordings.named("clip25-es.wav")
        let alone = try await TranscriptionResult(recording.path, pool: DemoEngine.newPool(size: 1))
        #expect(try await DemoEngine.shared.result(recording) == alone)
    }

    @Test("of a range only that is transcribed, with the times of the file")
    func range() async throws {
        let recording = Recordings.named("clip25-en.wav")
        let sentence = try #require(recording.sentences.dropFirst(2).first)
        var options = TranscriptionOptions()
        options.language = Language(code: "en")
        options.start = sentence.start - Timestamp(milliseconds: 300)
        options.end = sentence.end + Timestamp(milliseconds: 300)
        let result = try await TranscriptionResult(recording.path, pool: DemoEngine.shared.pool(), options: options)
        #expect(WordErrorRate(reference: sentence.text, hypothesis: result.text).errors == 0)
        let first = try #require(result.segments.first)
        #expect(abs(first.start.seconds - sentence.start.seconds) <= 0.3)
        #expect(result.duration == options.end)
        #expect(result.languages.isEmpty)
    }

    @Test("two speakers on two channels are distinguished, and their segments come in the order in which they speak")
    func speakers() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("call.wav")
            let (first, second) = (Recordings.named("clip25-en.wav"), Recordings.named("short-en-2.wav"))
            let join = "[1]adelay=9000,apad=whole_dur=25[b];[0][b]join=inputs=2:channel_layout=stereo"
            let arguments = ["-i", first.path.string, "-i", second.path.string, "-filter_complex", join, path.string]
            try await CommandLineProgram("ffmpeg", ["-nostdin", "-v", "error"] + arguments).succeed()
            let result = try await TranscriptionResult(path, pool: DemoEngine.shared.pool(), channels: 2)
            for (speaker, recording) in [("Speaker 1", first), ("Speaker 2", second)] {
                let text = result.segments.filter { $0.speaker == speaker }.map(\.text).joined(separator: " ")
                #expect(WordErrorRate(reference: recording.text, hypothesis: text).errors <= 1, "\(speaker): \(text)")
            }
            #expect(result.segments.allSatisfy { $0.speaker != nil })
            #expect(result.segments.map(\.start) == result.segments.map(\.start).sorted())
            #expect(result.blocks.allSatisfy { block in block.segments.allSatisfy { $0.speaker == "Speaker \(block.channel + 1)" } })
            #expect(result.blocks.count >= 3)
        }
    }

    @Test("without voice activity every word is recognized too, and silence gives no text")
    func everything() async throws {
        var options = TranscriptionOptions()
        options.voiceActivity = nil
        let recording = Recordings.named("clip25-en.wav")
        let result = try await TranscriptionResult(recording.path, pool: DemoEngine.shared.pool(), options: options)
        #expect(result.languages == ["en"])
        #expect(WordErrorRate(reference: recording.text, hypothesis: result.text).rate <= 0.1, "\(result.text)")
        #expect(result.blocks.map(\.start).first == .zero)
        for recording in Recordings.speechless {
            let result = try await TranscriptionResult(recording.path, pool: DemoEngine.shared.pool(), options: options)
            #expect(result.segments.isEmpty, "\(recording.name): \(result.text)")
        }
    }

    @Test("an option that a model does not support is rejected before the file is opened")
    func refusal() async throws {
        var options = TranscriptionOptions()
        options.language = Language(code: "yue")
        let pool = try await DemoEngine.newPool(size: 1)
        let refusal = #expect(throws: (any Error).self) { try pool.model.check(options) }
        let error = await #expect(throws: (any Error).self) {
            _ = try await TranscriptionResult("/nowhere.wav", pool: pool, options: options)
        }
        #expect(String(describing: error) == String(describing: refusal))
    }

    @Test("speech in another language is translated to English")
    func translation() async throws {
        var options = TranscriptionOptions()
        options.translate = true
        var (errors, words) = (0, 0)
        for recording in Recordings.short where recording.language != "en" && recording.name.hasSuffix("1.wav") {
            let result = try await TranscriptionResult(recording.path, pool: DemoEngine.shared.pool(), options: options)
            let rate = WordErrorRate(reference: try #require(recording.translation), hypothesis: result.text)
            errors += rate.errors
            words += rate.words
        }
        #expect(errors * 4 <= words, "\(errors) of \(words) words")
    }

    @Test("the caller gets the error of a file")
    func errors() async throws {
        let pool = try await DemoEngine.newPool(size: 1)
        await #expect(throws: (any Error).self) { _ = try await TranscriptionResult(Recordings.path("manifest.json"), pool: pool) }
        await #expect(throws: (any Error).self) {
            _ = try await TranscriptionResult(Recordings.path("silence.wav"), pool: pool, maximumDuration: .seconds(1))
        }
    }
}
