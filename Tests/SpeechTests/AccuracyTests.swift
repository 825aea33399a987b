import EarshotTesting
import Speech
import SystemPackage
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
        #expect(heard.segments.isEmpty && heard.blocks.isEmpty && heard.languages.isEmpty)
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
        #expect(heard.blocks.count > 1)
        #expect(heard.blocks.flatMap(\.segments) == heard.segments)
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

    @Test("going on from a block's end gives exactly the rest")
    func resume() async throws {
        let recording = Recordings.named("long-en.wav")
        let whole = try await DemoEngine.shared.hearing(recording)
        let done = whole.blocks.count - 3
        var options = DemoEngine.options
        options.language = "en"
        let rest = try await Hearing(recording.path, pool: DemoEngine.shared.pool(), options: options, from: whole.blocks[done - 1].end)
        #expect(rest.blocks == Array(whole.blocks[done...]))
        #expect(rest.duration == whole.duration)
        let nothing = try await Hearing(recording.path, pool: DemoEngine.newPool(size: 1), from: try #require(whole.blocks.last?.end))
        #expect(nothing.blocks.isEmpty)
    }

    @Test("speech in another language is translated to English")
    func translation() async throws {
        var options = DemoEngine.options
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
