import Foundation
import ModelConversion
import ModelLibrary
import Speech
import SystemPackage
import TestSupport
import Testing

/// Models become the very files that whisper.cpp's own program makes of them.
///
/// The hashes are those of what whisper.cpp 1.8.5's `quantize` wrote for the demo model of 16 bits.
@Suite struct QuantizationTests {
    private static let expected: [(Quantization, String)] = [
        (.q8_0, "b36a16aa4903d71bf512d68ff0d4814ae192ec7893615ecd7b9a138e9361f9d9"),
        (.q5_1, "c0676cc99b12bdb1d79cf92ea883f9fe41b2fe54b0861217276943b959ad359e"),
        (.q5_0, "e12668c082d16812f109d096d60eb5f46104dd8fb3ad9753547f79403f88e3ba"),
    ]

    @Test("a model becomes the same bytes that whisper.cpp's program writes", arguments: expected)
    func sameBytes(quantization: Quantization, sha256: String) async throws {
        try await Self.withModel(.f16) { model, folder in
            let made = folder.appending("ggml-made.bin")
            try await ModelQuantizer.quantize(model, to: made, as: quantization)
            #expect(try made.sha256() == sha256)
            #expect(try ModelFile(path: made).quantization == quantization.rawValue)
        }
    }

    @Test("a quantized model is not quantized again, and says so")
    func alreadyQuantized() async throws {
        try await TemporaryFolder.with { folder in
            await #expect(throws: QuantizationError.alreadyQuantized("q8_0")) {
                try await ModelQuantizer.quantize(DemoEngine.modelPath(), to: folder.appending("ggml-made.bin"), as: .q5_0)
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(names.isEmpty)
        }
    }

    @Test("a model of 32 bits becomes one that the engine loads and that hears what is said")
    func fromWholeNumbers() async throws {
        try await Self.withModel(.f32) { model, folder in
            let made = folder.appending("ggml-made.bin")
            try await ModelQuantizer.quantize(model, to: made, as: .q5_1)
            let pool = RecognizerPool(model: try await WhisperModel.load(path: made), size: 1)
            let recording = Recordings.named("short-es-1.wav")
            let text = try await TranscriptionResult(recording.path, pool: pool).text
            #expect(text == recording.text)
        }
    }

    @Test("progress goes up to the end, and cancelling leaves nothing behind")
    func progress() async throws {
        try await Self.withModel(.f16) { model, folder in
            let made = folder.appending("ggml-made.bin")
            let progress = ProgressLog()
            try await ModelQuantizer.quantize(model, to: made, as: .q5_0) { await progress.add($0) }
            let parts = await progress.parts
            #expect(parts == parts.sorted())
            #expect(parts.allSatisfy { (0...1).contains($0) })
            #expect(try #require(parts.last) > 0.9)
            try FileManager.default.removeItem(atPath: made.string)
            let work = Task {
                try await ModelQuantizer.quantize(model, to: made, as: .q5_0) { _ in withUnsafeCurrentTask { $0?.cancel() } }
            }
            await #expect(throws: CancellationError.self) { try await work.value }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == ["ggml-full.bin"])
        }
    }

    /// Lends the demo model of full size, made of its checkpoint.
    private static func withModel(_ precision: ModelConverter.Precision, _ work: (FilePath, FilePath) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let model = folder.appending("ggml-full.bin")
            let converter = ModelConverter(models: ModelLibrary(folder: folder))
            try await converter.convert(DemoCheckpoint.path, to: model, precision: precision)
            try await work(model, folder)
        }
    }
}

/// Collects the reported progress.
private actor ProgressLog {
    var parts: [Double] = []

    func add(_ part: Double) {
        parts.append(part)
    }
}
