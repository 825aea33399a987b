import CWhisper
import ModelLibrary
import Speech
import SystemPackage
import TestSupport
import Testing
import Transcripts

@testable import Speech

@Suite("A model")
struct ModelTests {
    private static let tiny = ModelHeader(vocabulary: 51_865, audioLayers: 4, textState: 384, textHeads: 6, textLayers: 4)
    private static let baseEnglish = ModelHeader(vocabulary: 51_864, audioLayers: 6, textState: 512, textHeads: 8, textLayers: 6)
    private static let large = ModelHeader(vocabulary: 51_865, audioLayers: 32, textState: 1280, textHeads: 20, textLayers: 32)
    private static let large3 = ModelHeader(vocabulary: 51_866, audioLayers: 32, textState: 1280, textHeads: 20, textLayers: 32)
    private static let turbo = ModelHeader(vocabulary: 51_866, audioLayers: 32, textState: 1280, textHeads: 20, textLayers: 4)
    private static let distilled = ModelHeader(vocabulary: 51_866, audioLayers: 32, textState: 1280, textHeads: 20, textLayers: 2)

    @Test("that is none, or was cut off, is refused", arguments: [0, 3, 47, 100, 600_000, 5_000_000])
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

    @Test("is quantized, knows several languages, and runs on this processor")
    func quantized() async throws {
        let model = try await WhisperModel.load(path: DemoEngine.modelPath())
        #expect(model.isMultilingual && model.canTranslate)
        let block = try await Recognizer(model: model).recognize(DemoRecognizer.block("short-en-1.wav"), options: DemoEngine.options)
        #expect(block.text == "Close the file again.")
    }

    @Test("of English only refuses other languages, and turbo and English-only ones refuse to translate")
    func refusals() throws {
        var options = TranscriptionOptions()
        options.translate = true
        #expect(throws: UnsupportedOption.cannotTranslate) { try Self.turbo.check(options) }
        #expect(throws: UnsupportedOption.cannotTranslate) { try Self.distilled.check(options) }
        #expect(throws: UnsupportedOption.cannotTranslate) { try Self.baseEnglish.check(options) }
        try Self.large3.check(options)
        try Self.tiny.check(options)
        options.translate = false
        let german = try #require(Language(code: "de"))
        options.language = german
        #expect(throws: UnsupportedOption.englishOnly(german)) { try Self.baseEnglish.check(options) }
        try Self.turbo.check(options)
        options.language = Language(code: "en")
        try Self.baseEnglish.check(options)
        options.language = nil
        try Self.baseEnglish.check(options)
        options.allowedLanguages = [german]
        #expect(throws: UnsupportedOption.englishOnly(german)) { try Self.baseEnglish.check(options) }
        options.language = Language(code: "yue")
        let cantonese = try #require(Language(code: "yue"))
        #expect(throws: UnsupportedOption.languageUnknown(cantonese)) { try Self.large.check(options) }
        try Self.large3.check(options)
        #expect(UnsupportedOption.englishOnly(german).description.contains("German"))
    }

    @Test("that knows English alone recognizes English, and rejects other languages")
    func englishOnly() throws {
        #expect(try LanguageChoice(RecognitionOptions(), model: Self.baseEnglish, guess: "de").current == "en")
        let german = try #require(Language(code: "de"))
        #expect(throws: SpeechError.unsupported(.englishOnly(german))) {
            try LanguageChoice(RecognitionOptions(language: "de"), model: Self.baseEnglish, guess: "en")
        }
    }

    @Test("of OpenAI has heads that time words, found by its sizes")
    func heads() {
        func heads(_ sizes: ModelHeader, _ name: String = "model.bin") -> AttentionHeads? { AttentionHeads(sizes, name: name) }
        #expect(heads(Self.tiny) == .tiny)
        #expect(heads(Self.baseEnglish) == .baseEnglish)
        #expect(heads(Self.large) == .large2)
        #expect(heads(Self.large, "ggml-large-v1.bin") == .large1)
        #expect(heads(Self.large3) == .large3)
        #expect(heads(Self.turbo) == .turbo)
        #expect(heads(Self.distilled) == nil)
        #expect(Set(AttentionHeads.allCases.map(\.preset.rawValue)).count == AttentionHeads.allCases.count)
    }

    @Test("of unknown heads times words by its tokens, and says so")
    func unknownHeads() async throws {
        let model = try await WhisperModel.load(path: DemoEngine.modelPath(), wordTiming: true)
        #expect(model.timing == .tokens)
        var options = RecognitionOptions(language: "en")
        options.wordTimes = true
        let block = try await Recognizer(model: model).recognize(DemoRecognizer.block("short-en-1.wav"), options: options)
        #expect(block.segments.map(\.wordTiming) == [.tokens])
    }
}
