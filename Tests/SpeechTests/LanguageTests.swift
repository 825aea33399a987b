import ModelLibrary
import TestSupport
import Testing
import Transcripts

@testable import Speech

@Suite("Languages")
struct LanguageTests {
    private let german = LanguageProbabilities(values: ["de": 0.5, "nl": 0.3, "en": 0.2], noSpeech: 0)

    @Test("are found among the allowed ones, with the probability among them")
    func allowed() throws {
        #expect(german.best(among: []) == DetectedLanguage(code: "de", probability: 0.5))
        let some = try #require(german.best(among: languages("nl", "en")))
        #expect(some.code == "nl" && abs((some.probability ?? 0) - 0.6) < 1e-9)
        #expect(german.best(among: languages("ja")) == nil)
        let hopeless = LanguageProbabilities(values: ["de": 1, "en": 0, "nl": 0], noSpeech: 0)
        #expect(hopeless.best(among: languages("nl", "en")) == DetectedLanguage(code: "en", probability: 0.5))
    }

    @Test("are decided on by one window that is certain, or by several that are not")
    func vote() {
        var vote = LanguageVote(certainty: 0.7, blocks: 3)
        #expect(vote.decision == nil && vote.best == nil)
        vote.add(german, speech: 20)
        #expect(vote.decision == nil && vote.best?.code == "de")
        vote.add(LanguageProbabilities(values: ["de": 0.4, "nl": 0.6], noSpeech: 0), speech: 20)
        #expect(vote.decision == nil)
        vote.add(german, speech: 20)
        #expect(vote.decision?.code == "de")
        var certain = LanguageVote()
        certain.add(LanguageProbabilities(values: ["es": 0.9, "en": 0.1], noSpeech: 0), speech: 2)
        #expect(certain.decision?.code == "es")
    }

    @Test("are voted on by seconds, and music does not outvote speech")
    func weights() {
        var vote = LanguageVote(certainty: 0.99, blocks: 2)
        vote.add(LanguageProbabilities(values: ["la": 0.9, "en": 0.1], noSpeech: 0.9), speech: 25)
        vote.add(LanguageProbabilities(values: ["la": 0.2, "en": 0.8], noSpeech: 0.01), speech: 20)
        #expect(vote.decision?.code == "en")
        var short = LanguageVote(certainty: 0.99, blocks: 2)
        short.add(LanguageProbabilities(values: ["de": 0.9, "en": 0.1], noSpeech: 0), speech: 1)
        short.add(LanguageProbabilities(values: ["de": 0.3, "en": 0.7], noSpeech: 0), speech: 20)
        #expect(short.decision?.code == "en")
    }

    @Test("are detected by the model in the recordings, with speech", arguments: ["short-en-1.wav", "short-es-1.wav", "short-de-1.wav"])
    func detected(_ name: String) async throws {
        let recognizer = try await DemoRecognizer.make()
        let found = try await recognizer.languageProbabilities(of: DemoRecognizer.samples(name), threads: 1)
        #expect(found.best(among: [])?.code == Recordings.named(name).language)
        #expect(abs(found.values.values.reduce(0, +) - 1) < 1e-6)
        #expect(found.values.count == 99)
        #expect(found.noSpeech < 0.1)
    }

    @Test("may change from block to block, and one that is unclear takes the one that was given for it")
    func perBlock() async throws {
        let recognizer = try await DemoRecognizer.make()
        var options = DemoEngine.options
        for name in ["short-en-1.wav", "short-de-1.wav", "short-es-1.wav", "short-en-2.wav"] {
            let block = try await recognizer.recognize(DemoRecognizer.block(name), options: options)
            #expect(block.language.code == Recordings.named(name).language)
            #expect(WordErrorRate(reference: Recordings.named(name).text, hypothesis: block.text).errors == 0)
        }
        options.otherwise = "en"
        options.certainty = 1.1
        let unclear = try await recognizer.recognize(DemoRecognizer.block("short-de-1.wav"), options: options)
        #expect(unclear.language.code == "en")
        #expect(try #require(unclear.language.probability) < 0.5)
    }

    @Test("are kept to the allowed ones; one alone needs no finding")
    func allowedOnly() async throws {
        let recognizer = try await DemoRecognizer.make()
        var options = DemoEngine.options
        options.allowedLanguages = ["en", "es"]
        let spanish = try await recognizer.recognize(DemoRecognizer.block("short-es-1.wav"), options: options)
        #expect(spanish.language.code == "es" && spanish.language.probability != nil)
        let german = try await recognizer.recognize(DemoRecognizer.block("short-de-1.wav"), options: options)
        #expect(["en", "es"].contains(german.language.code))
        options.allowedLanguages = ["de"]
        let only = try await recognizer.recognize(DemoRecognizer.block("short-de-1.wav"), options: options)
        #expect(only.language.code == "de" && only.language.probability == nil)
    }

    @Test("are taken by code or name, and an unknown one is refused")
    func names() async throws {
        let recognizer = try await DemoRecognizer.make()
        let sound = try await DemoRecognizer.block("short-es-1.wav")
        for name in ["es", "ES", "spanish"] {
            let block = try await recognizer.recognize(sound, options: RecognitionOptions(language: name))
            #expect(block.language.code == "es" && block.language.probability == nil)
            #expect(block.segments.map(\.text) == ["La carta es azul."])
        }
        let cantonese = try #require(Language(code: "yue"))
        let refusals: [(String, SpeechError)] = [
            ("klingon", .languageUnknown("klingon")), ("yue", .unsupported(.languageUnknown(cantonese))),
        ]
        for (name, refusal) in refusals {
            await #expect(throws: refusal) {
                try await recognizer.recognize(sound, options: RecognitionOptions(language: name))
            }
        }
    }

    @Test("and the other options of a recording apply to its blocks")
    func options() {
        var wanted = TranscriptionOptions()
        wanted.allowedLanguages = languages("en", "de")
        wanted.beamSize = 3
        wanted.wordTimes = true
        wanted.fallsBack = false
        let fixed = RecognitionOptions(wanted, language: Language(code: "de"))
        #expect(fixed.language == "de" && fixed.otherwise == nil)
        #expect(fixed.beamSize == 3 && fixed.wordTimes && !fixed.fallsBack && fixed.allowedLanguages == ["en", "de"])
        wanted.switchesLanguage = true
        let switching = RecognitionOptions(wanted, language: Language(code: "de"))
        #expect(switching.language == nil && switching.otherwise == "de")
    }

    private func languages(_ codes: String...) -> [Language] {
        codes.compactMap { Language(code: $0) }
    }
}
