import Foundation
import ModelConversion
import ModelLibrary
import SystemPackage
import TestSupport
import Testing

/// Converted checkpoints have the bytes that whisper.cpp's converters write.
///
/// The hashes are those of the files that whisper.cpp 1.8.5's `convert-pt-to-ggml.py` wrote for the demo checkpoint, with the assets of
/// openai-whisper 20250625.
@Suite struct ConvertTests {
    @Test(
        "a checkpoint becomes the same bytes that whisper.cpp's converter writes",
        arguments: [
            (ModelConverter.Precision.f16, "da84b57e88123da1849d86eeb1624068535fe5ae83d1336e413d9371fa82224f"),
            (.f32, "74396ca32ac6ff39b0e0e52b8b4b597722eb05b297cf464484491be16276b572"),
        ]
    )
    func sameBytes(precision: ModelConverter.Precision, sha256: String) async throws {
        try await TemporaryFolder.with { folder in
            let made = folder.appending("ggml-made.bin")
            let converter = ModelConverter(models: ModelLibrary(folder: folder))
            try await converter.convert(DemoCheckpoint.path, to: made, precision: precision)
            #expect(try made.sha256() == sha256)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == ["ggml-made.bin"])
        }
    }
}
