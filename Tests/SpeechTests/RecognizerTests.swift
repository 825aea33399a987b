import Audio
import EarshotTesting
import Speech
import SystemPackage
import Testing
import Transcripts

@Suite("A recognizer")
struct RecognizerTests {
    @Test("tells nothing of one job in the next, and its text does not depend on the job before")
    func noLeak() async throws {
        let model = try await WhisperModel.load(path: DemoEngine.modelPath())
        let recognizer = Recognizer(model: model)
        let (english, german) = (try await samples("short-en-2.wav"), try await samples("short-de-3.wav"))
        var options = DemoEngine.options
        let alone = try await recognizer.transcribe(english, options: options)
        options.prompt = "Geheimnis, Donnerstag"
        let other = try await recognizer.transcribe(german, options: options)
        options.prompt = nil
        let silence = try await recognizer.transcribe(Array(repeating: 0, count: 48_000), options: options)
        let again = try await recognizer.transcribe(english, options: options)
        #expect(!other.segments.isEmpty)
        #expect(silence.segments.isEmpty)
        #expect(again == alone)
        options.language = "en"
        let tooShort = try await recognizer.transcribe(Array(repeating: 0, count: 100), options: options)
        #expect(tooShort.segments.isEmpty)
    }

    @Test("takes a language by code or name, and refuses one it does not know")
    func languages() async throws {
        let recognizer = Recognizer(model: try await WhisperModel.load(path: DemoEngine.modelPath()))
        let samples = try await samples("short-es-1.wav")
        for name in ["es", "ES", "spanish"] {
            let block = try await recognizer.transcribe(samples, options: RecognitionOptions(language: name, threads: 1))
            #expect(block.language == "es" && block.languageProbability == nil)
            #expect(block.segments.map(\.text) == ["La carta es azul."])
        }
        await #expect(throws: SpeechError.languageUnknown("klingon")) {
            try await recognizer.transcribe(samples, options: RecognitionOptions(language: "klingon", threads: 1))
        }
        let found = try await recognizer.detectLanguage(of: samples, threads: 1)
        #expect(found.code == "es" && found.probability > 0.9)
    }

    @Test("says how sure it is")
    func certainty() async throws {
        let heard = try await DemoEngine.shared.hearing(Recordings.named("short-en-1.wav"))
        let segment = try #require(heard.segments.first)
        #expect(try #require(segment.averageLogProbability) <= 0)
        #expect(try #require(segment.averageLogProbability) > -0.5)
    }

    @Test("stops within seconds when it is cancelled, and can be used again")
    func cancellation() async throws {
        let pool = try await DemoEngine.newPool(size: 1)
        let recording = Recordings.named("long-en.wav")
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await Transcriber(pool: pool).transcribe(recording.path, options: DemoEngine.options) { event in
                if case .segment = event { begin.yield() }
            }
        }
        for await _ in begun { break }
        task.cancel()
        let waited = await ContinuousClock().measure { await #expect(throws: CancellationError.self) { try await task.value } }
        #expect(waited < .seconds(8))
        let heard = try await Hearing(Recordings.path("short-en-1.wav"), pool: pool)
        #expect(heard.text == "Close the file again.")
        #expect(pool.count == 1)
    }

    @Test("is free again soon after its listener went away")
    func listenerLeaves() async throws {
        let pool = try await DemoEngine.newPool(size: 1)
        for try await event in Transcriber(pool: pool).transcribe(Recordings.path("long-en.wav"), options: DemoEngine.options) {
            if case .segment = event { break }
        }
        let waited = try await ContinuousClock().measure { try await pool.withRecognizer { _ in } }
        #expect(waited < .seconds(8))
    }

    private func samples(_ name: String) async throws -> [Float] {
        var all: [Float] = []
        try await AudioDecoder(path: Recordings.path(name)).decode { all += $0 }
        return all
    }
}

@Suite("A model")
struct WhisperModelTests {
    @Test("that is none, or was cut off, is refused", arguments: [0, 3, 100, 600_000, 5_000_000])
    func unreadable(_ length: Int) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("model.bin")
            try path.write(DemoEngine.modelPath().contents().prefix(length))
            await #expect(throws: SpeechError.modelUnreadable(path: path.string)) { try await WhisperModel.load(path: path) }
        }
    }

    @Test("that is some other file is refused")
    func otherFile() async throws {
        let path = Recordings.path("long-en.wav")
        await #expect(throws: SpeechError.modelUnreadable(path: path.string)) { try await WhisperModel.load(path: path) }
    }

    @Test("is quantised, knows several languages and runs on this processor")
    func quantised() async throws {
        let model = try await WhisperModel.load(path: DemoEngine.modelPath())
        #expect(model.isMultilingual)
        #expect(try await DemoEngine.shared.hearing(Recordings.named("short-en-1.wav")).text == "Close the file again.")
    }
}
