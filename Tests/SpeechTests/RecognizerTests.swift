import Speech
import TestSupport
import Testing
import Transcripts

@Suite("A recognizer")
struct RecognizerTests {
    @Test("carries nothing from one job into the next, whose text does not depend on the job before")
    func noLeak() async throws {
        let recognizer = try await DemoRecognizer.make()
        let (english, german) = (try await DemoRecognizer.block("short-en-2.wav"), try await DemoRecognizer.block("short-de-3.wav"))
        var options = DemoEngine.options
        let alone = try await recognizer.recognize(english, options: options)
        options.prompt = "Geheimnis, Donnerstag"
        let other = try await recognizer.recognize(german, options: options)
        options.prompt = nil
        let silence = try await recognizer.recognize(Block(start: 0, samples: Array(repeating: 0, count: 48_000)), options: options)
        let again = try await recognizer.recognize(english, options: options)
        #expect(!other.segments.isEmpty)
        #expect(silence.segments.isEmpty && silence.removed.isEmpty)
        #expect(again == alone)
        options.language = "en"
        let tooShort = try await recognizer.recognize(Block(start: 0, samples: Array(english.samples[8000..<8100])), options: options)
        #expect(tooShort.segments.isEmpty)
    }

    @Test("samples anew for each job: a block gets the same text after a sampled one, and after a search with beams")
    func chance() async throws {
        let recognizer = try await DemoRecognizer.make()
        let block = try await DemoRecognizer.block("short-de-5.wav")
        var options = RecognitionOptions(language: "de", temperature: 0.8)
        let sampled = try await recognizer.recognize(block, options: options)
        #expect(try await recognizer.recognize(block, options: options) == sampled)
        #expect(sampled.segments.allSatisfy { ($0.temperature ?? 0) >= 0.8 })
        options.temperature = 0
        options.beamSize = 5
        let searched = try await recognizer.recognize(block, options: options)
        #expect(try await recognizer.recognize(block, options: options) == searched)
        #expect(WordErrorRate(reference: Recordings.named("short-de-5.wav").text, hypothesis: searched.text).rate < 0.5)
    }

    @Test("times are the file's, also of words")
    func fileTime() async throws {
        let recognizer = try await DemoRecognizer.make()
        var options = RecognitionOptions(language: "en")
        options.wordTimes = true
        let near = try await recognizer.recognize(DemoRecognizer.block("short-en-1.wav"), options: options)
        let far = try await recognizer.recognize(DemoRecognizer.block("short-en-1.wav", start: 16_000_000), options: options)
        #expect(far.segments == near.segments.map { $0.moved(by: Timestamp(milliseconds: 1_000_000)) })
        #expect(try #require(far.segments.first?.words?.first?.start) >= Timestamp(milliseconds: 1_000_000))
    }

    @Test("reports its probabilities")
    func certainty() async throws {
        let recognizer = try await DemoRecognizer.make()
        let block = try await recognizer.recognize(DemoRecognizer.block("short-en-1.wav"), options: DemoEngine.options)
        let segment = try #require(block.segments.first)
        #expect(try -0.5...0 ~= #require(segment.averageLogProbability))
        #expect(try #require(segment.noSpeechProbability) < 0.1)
        #expect(try #require(segment.compressionRatio) < 2.4)
        #expect(segment.temperature == 0)
        #expect(segment.words == nil && segment.wordTiming == nil)
        #expect(block.language.code == "en")
        #expect(try #require(block.language.probability) > 0.9)
    }

    @Test("a prompt changes the text of its own job at most, however long it is", arguments: [1, 400])
    func prompt(_ times: Int) async throws {
        let recognizer = try await DemoRecognizer.make()
        var options = RecognitionOptions(language: "en")
        options.prompt = Array(repeating: "the file", count: times).joined(separator: " ")
        let block = try await recognizer.recognize(DemoRecognizer.block("short-en-1.wav"), options: options)
        #expect(!block.segments.isEmpty || !block.removed.isEmpty)
        options.prompt = nil
        #expect(try await recognizer.recognize(DemoRecognizer.block("short-en-1.wav"), options: options).text == "Close the file again.")
    }

    @Test("without fallback a text is written once")
    func noFallback() async throws {
        let recognizer = try await DemoRecognizer.make()
        var options = RecognitionOptions(language: "es")
        options.fallsBack = false
        let block = try await recognizer.recognize(DemoRecognizer.block("short-en-5.wav"), options: options)
        #expect((block.segments + block.removed.map(\.segment)).allSatisfy { $0.temperature == 0 })
    }

    @Test("speech in another language is translated to English")
    func translation() async throws {
        let recognizer = try await DemoRecognizer.make()
        let recording = Recordings.named("short-es-1.wav")
        let options = RecognitionOptions(language: "es", translate: true)
        let block = try await recognizer.recognize(DemoRecognizer.block(recording.name), options: options)
        let rate = WordErrorRate(reference: try #require(recording.translation), hypothesis: block.text)
        #expect(rate.errors * 2 <= rate.words, "\(block.text)")
    }

    @Test("stops at the engine's next callback when it is cancelled, and can be used again")
    func cancellation() async throws {
        let recognizer = try await DemoRecognizer.make()
        let long = try await DemoRecognizer.block("clip25-en.wav")
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let task = Task {
            for _ in 0..<10 {
                _ = try await recognizer.recognize(long, options: DemoEngine.options)
                // The cancellation then meets the engine in the middle of the next block.
                begin.yield()
            }
        }
        for await _ in begun { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let cancelledBefore = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await recognizer.recognize(long, options: DemoEngine.options)
        }
        await #expect(throws: CancellationError.self) { try await cancelledBefore.value }
        let after = try await recognizer.recognize(DemoRecognizer.block("short-en-1.wav"), options: DemoEngine.options)
        #expect(after.text == "Close the file again.")
    }

    @Test("silence and noise give no text, whether speech was looked for or not", arguments: Recordings.speechless, [nil, 0.5])
    func speechless(_ recording: Recording, _ speech: Double?) async throws {
        let recognizer = try await DemoRecognizer.make()
        let block = try await DemoRecognizer.block(recording.name, speech: speech)
        for options in [DemoEngine.options, RecognitionOptions(language: "en")] {
            #expect(try await recognizer.recognize(block, options: options).segments.isEmpty)
        }
    }
}
