import Archive
import ModelLibrary
import SystemPackage
import Testing
import Transcripts

@testable import Server

struct OpenAIFormTests {
    private func form(_ fields: [String: [String]], isTranslation: Bool = false) throws -> OpenAIForm {
        let fields = fields.merging(["model": ["gpt-4o-transcribe"]]) { given, _ in given }
        return try OpenAIForm(fields, isTranslation: isTranslation, models: ModelLibrary(folder: "/nowhere"))
    }

    @Test("OpenAI's names, dated or not, stand for the default model; any other name is that of a model")
    func names() {
        for name in ["whisper-1", "gpt-transcribe", "gpt-4o-transcribe", "GPT-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe-diarize"] {
            #expect(OpenAIModel(named: name).localName == nil, "\(name)")
        }
        for name in ["base", "whisper-10", "gpt-4o-transcribe-2025", "gpt-5"] {
            #expect(OpenAIModel(named: name).localName == name)
        }
    }

    @Test(
        "lists are read in every spelling that programs use",
        arguments: [
            ["include[]": ["logprobs"], "keywords[]": ["one", "two"]], ["include": ["logprobs"], "keywords": ["one", "two"]],
            ["include[0]": ["logprobs"], "keywords[0]": ["one"], "keywords[1]": ["two"]],
        ]
    )
    func lists(fields: [String: [String]]) throws {
        let form = try form(fields)
        #expect(form.wantsLogprobs)
        #expect(form.request.options.wordTimes)
        #expect(form.request.options.prompt == "one, two.")
    }

    @Test(
        "a chunking strategy is JSON or fields, and values beyond Earshot's limits are clamped",
        arguments: [
            ["chunking_strategy": [#"{"type": "server_vad", "threshold": 1, "silence_duration_ms": 20, "prefix_padding_ms": 300}"#]],
            [
                "chunking_strategy[type]": ["server_vad"], "chunking_strategy[threshold]": ["1"],
                "chunking_strategy[silence_duration_ms]": ["20"], "chunking_strategy[prefix_padding_ms]": ["300"],
            ],
        ]
    )
    func chunking(fields: [String: [String]]) throws {
        let options = try #require(try form(fields).request.options.voiceActivity)
        #expect(options.threshold == 0.95 && options.minimumSilence == 0.05 && options.margin == 0.3)
    }

    @Test(
        "an invalid chunking strategy is rejected",
        arguments: ["guess", "{}", #"{"type": "guess"}"#, "[]", #"{"type": "server_vad", "threshold": "high"}"#]
    )
    func badChunking(text: String) {
        let error = #expect(throws: APIError.self) { try form(["chunking_strategy": [text]]) }
        #expect(error?.code == "invalid_chunking_strategy" && error?.parameter == "chunking_strategy")
    }

    @Test("a model of this server allows every option")
    func local() throws {
        let formats = try OpenAIFormat.allCases.map { try form(["model": ["demo"], "response_format": [$0.rawValue], "stream": ["true"]]) }
        #expect(formats.map(\.format) == OpenAIFormat.allCases)
        #expect(formats.map(\.streams) == [true, true, false, false, false, true])
        #expect(formats.map(\.request.options.separatesChannels) == [false, false, false, false, false, true])
        #expect(Set(formats.map(\.request.model)) == ["demo"])
    }

    @Test("one possible language is the language; of several, one is detected")
    func languages() throws {
        let one = try form(["languages[]": ["de"]]).request.options
        #expect(one.language?.code == "de" && one.allowedLanguages.isEmpty)
        let two = try form(["languages[]": ["de", "en"]]).request.options
        #expect(two.language == nil && two.allowedLanguages.map(\.code) == ["de", "en"])
    }
}
