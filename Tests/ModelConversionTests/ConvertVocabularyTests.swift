import Crypto
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelConversion
@testable import ModelLibrary

/// The sources of words, filters and checkpoints.
@Suite struct ConvertVocabularyTests {
    @Test(
        "the mel filters have the bits of OpenAI's mel_filters.npz",
        // Of the arrays mel_80 and mel_128 in openai-whisper 20250625.
        arguments: [
            (80, "4f2701b1d287d74a0dc9871026e9519d98cb76426615f2539b0d151a0ae4ec2e"),
            (128, "2a5f9822897750e047c85dea37cc268d3be0ecfd23c28a5f10da129d99d05afe"),
        ]
    )
    func melFilters(bands: Int, sha256: String) {
        #expect(SHA256.hash(data: Data(MelFilters.bytes(bands: bands).dropFirst(8))).hexadecimal == sha256)
    }

    @Test("numbers of 16 bits are unchanged after widening and rounding")
    func halves() {
        for bits in UInt16.min...UInt16.max {
            let number = Numbers.float(bits)
            #expect(number.isNaN ? Numbers.float(Numbers.half(number)).isNaN : Numbers.half(number) == bits)
        }
    }

    @Test(
        "numbers are rounded to the nearest of 16 bits, ties to even",
        arguments: [
            (1, 0x3c00), (-2, 0xc000), (65_504, 0x7bff), (65_519.996, 0x7bff), (65_520, 0x7c00), (-1e10, 0xfc00), (0x1p-24, 0x0001),
            (0x1p-25, 0x0000), (0x1.8p-25, 0x0001), (0x1.8p-24, 0x0002), (0x1p-14, 0x0400), (0x1.ffcp-15, 0x0400),
            (1.000_488_281_25, 0x3c00), (1.001_464_843_75, 0x3c02), (-0.0, 0x8000), (0.1, 0x2e66),
        ] as [(Float, UInt16)]
    )
    func rounding(number: Float, bits: UInt16) {
        #expect(Numbers.half(number) == bits)
    }

    @Test("bfloat16 numbers are widened exactly")
    func upperHalves() {
        let bytes = Numbers.convert([0x80, 0x3f, 0x20, 0xc1], from: .bf16, to: .f32, throughHalf: false)
        #expect(bytes == [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc1])
    }

    @Test("a vocabulary is read from a list in base64")
    func tiktoken() async throws {
        try await TemporaryFolder.with { folder in
            let demo = try ModelLibrary(folder: folder).model(named: "demo").path
            let words = try Vocabulary(path: demo).words
            #expect(words.count == Vocabulary.multilingualCount)
            let lines = words.enumerated().map { "\($1.isEmpty ? "=" : Data($1).base64EncodedString()) \($0)\n" }
            let list = folder.appending("multilingual.tiktoken")
            try list.write(Data(lines.joined().utf8))
            #expect(try Vocabulary(path: list).words == words)
            let made = folder.appending("ggml-made.bin")
            try await ModelConverter(vocabulary: list, models: ModelLibrary(folder: folder)).convert(DemoCheckpoint.path, to: made)
            #expect(try made.sha256() == "da84b57e88123da1849d86eeb1624068535fe5ae83d1336e413d9371fa82224f")
        }
    }

    @Test("a vocabulary of the other kind, or an invalid one, is rejected")
    func unfit() async throws {
        try await TemporaryFolder.with { folder in
            let file = folder.appending("words")
            for content in ["IQ== 0\nIg== 1\n", "no words at all", ""] {
                try file.write(Data(content.utf8))
                let error = await #expect(throws: ConversionError.self) {
                    let converter = ModelConverter(vocabulary: file, models: ModelLibrary(folder: folder))
                    try await converter.convert(DemoCheckpoint.path, to: folder.appending("ggml-made.bin"))
                }
                #expect(error?.code == "vocabulary_unfit")
            }
            #expect(try folder.names() == ["words"])
        }
    }

    @Test("an English-only checkpoint gets the words of an installed English-only model, without the word that the engine adds")
    func english() async throws {
        try await TemporaryFolder.with { folder in
            let source = folder.appending("english.pt")
            try source.write(try Self.englishCheckpoint())
            let made = folder.appending("made.bin")
            let converter = ModelConverter(models: ModelLibrary(folder: folder))
            await #expect(throws: ConversionError.vocabularyMissing(englishOnly: true)) { try await converter.convert(source, to: made) }
            // As older files have it: 50,256 words and “<|endoftext|>”.
            let words = (0..<Vocabulary.englishCount).map { Array("word\($0)".utf8) } + [Array("<|endoftext|>".utf8)]
            var header = ModelHeader(vocabulary: 51_864, audioLayers: 4, textState: 128, textHeads: 2, textLayers: 4)
            header.fileType = 1
            let front = header.bytes + MelFilters.bytes(bands: 80) + Vocabulary(words: words).bytes
            let list = folder.appending("words")
            try list.write(Data(front))
            try await ModelConverter(vocabulary: list, models: ModelLibrary(folder: folder)).convert(source, to: made)
            let tensors = try made.contents().dropFirst(Int(ModelFile(path: made).tensorsOffset))
            try folder.appending("ggml-tiny.en.bin").write(Data(front) + tensors)
            try await converter.convert(source, to: made)
            #expect(try Vocabulary(path: made).words == words.dropLast())
            #expect(try !ModelFile(path: made).header.isMultilingual)
        }
    }

    @Test("the checkpoints of an openai-whisper installation are found by name")
    func whisperCache() async throws {
        try await TemporaryFolder.with { folder in
            let cache = try #require(WhisperCache.folder(environment: ["XDG_CACHE_HOME": folder.string, "HOME": "/nowhere"]))
            #expect(cache == folder.appending("whisper"))
            #expect(WhisperCache.folder(environment: ["HOME": "/home/me"]) == "/home/me/.cache/whisper")
            #expect(WhisperCache.checkpoints(in: cache) == [])
            try FileManager.default.createDirectory(atPath: cache.string, withIntermediateDirectories: true)
            let checkpoint = try DemoCheckpoint.path.contents()
            for name in ["base.en.pt", "large-v3.pt"] { try cache.appending(name).write(checkpoint) }
            try cache.appending("small.pt").write(Data("no checkpoint".utf8))
            try cache.appending("notes.txt").write(checkpoint)
            let found = WhisperCache.checkpoints(in: cache)
            #expect(found.map(\.name) == ["base.en", "large-v3"])
            #expect(found.map(\.sizeBytes) == [Int64(checkpoint.count), Int64(checkpoint.count)])
        }
    }

    /// The demo checkpoint, changed to claim one word less, as English-only ones do; the number in the pickle has two bytes.
    private static func englishCheckpoint() throws -> Data {
        var checkpoint = try DemoCheckpoint.path.contents()
        let multilingual = Data([0x4d, 0x99, 0xca])
        while let place = checkpoint.prefix(19_000).range(of: multilingual) {
            checkpoint.replaceSubrange(place, with: [0x4d, 0x98, 0xca])
        }
        return checkpoint
    }
}
