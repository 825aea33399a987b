import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelConversion
@testable import ModelLibrary

/// Converted Hugging Face folders have the bytes that whisper.cpp's converter writes.
///
/// The hashes are those of the files that whisper.cpp 1.8.5's `convert-h5-to-ggml.py` wrote, with transformers 4.57.6, for a folder of the demo
/// checkpoint's tensors and vocabulary.
@Suite struct ConvertHuggingFaceTests {
    private static let sha256 = "05a77bf2ce9037ad1dd630ee0f13ad0f2384c70cff0f130ea7dcd63d9279390e"

    @Test("a folder becomes the same bytes that whisper.cpp's converter writes", arguments: [("F16", 1), ("F16", 3), ("F32", 1)])
    func sameBytes(format: String, files: Int) async throws {
        try await Self.withFolder(format: format, files: files) { folder, made in
            try await ModelConverter(models: ModelLibrary(folder: "/nowhere")).convert(folder, to: made)
            #expect(try made.sha256() == Self.sha256)
        }
    }

    @Test("a folder becomes the same bytes in 32 bits, too")
    func sameBytesOf32() async throws {
        try await Self.withFolder(format: "F16", files: 1) { folder, made in
            try await ModelConverter(models: ModelLibrary(folder: "/nowhere")).convert(folder, to: made, precision: .f32)
            #expect(try made.sha256() == "b0324128968c78ea782eb0a0d0019534ede4ee0776ea587b16d8b43742d608cb")
        }
    }

    @Test("the words may be in tokenizer.json, which newer programs write, or be missing")
    func otherVocabularies() async throws {
        try await Self.withFolder(format: "F16", files: 1) { folder, made in
            let words = folder.appending("vocab.json")
            let list = String(decoding: try words.contents(), as: UTF8.self)
            try FileManager.default.removeItem(atPath: words.string)
            try await ModelConverter(models: ModelLibrary(folder: "/nowhere")).convert(folder, to: made)
            #expect(try made.sha256() == Self.sha256)
            try folder.appending("tokenizer.json").write(Data(#"{"model": {"vocab": \#(list)}}"#.utf8))
            try await ModelConverter(models: ModelLibrary(folder: "/nowhere")).convert(folder, to: made)
            #expect(try made.sha256() == Self.sha256)
        }
    }

    @Test(
        "a wrong table of contents is rejected",
        arguments: [
            #"{"t": {"dtype": "F16", "shape": [4], "data_offsets": [0, 9]}}"#,
            #"{"t": {"dtype": "F16", "shape": [5], "data_offsets": [0, 8]}}"#,
            #"{"t": {"dtype": "F16", "shape": [4], "data_offsets": [1000, 1008]}}"#,
            #"{"t": {"dtype": "F16", "shape": [4], "data_offsets": [-8, 0]}}"#,
            #"{"t": {"dtype": "F16", "shape": [4], "data_offsets": [8, 0]}}"#,
            #"{"t": {"dtype": "F16", "shape": [-4], "data_offsets": [0, 8]}}"#,
            #"{"t": {"dtype": "F16", "shape": [9223372036854775807, 2], "data_offsets": [0, 8]}}"#,
            #"{"t": {"dtype": "F16", "shape": [4], "data_offsets": [-9223372036854775808, 9223372036854775807]}}"#,
            #"{"t": {"dtype": "F16", "shape": ["4"], "data_offsets": [0, 8]}}"#,
            #"{"t": 1}"#, "[]", "{", "",
        ]
    )
    func lies(table: String) throws {
        let file = ConvertScene.little(UInt64(table.utf8.count)) + Array(table.utf8) + [UInt8](repeating: 0, count: 8)
        try Self.expectDamage(Data(file))
    }

    @Test(
        "a table of contents that is longer than the file or than memory is rejected",
        arguments: [100, 1 << 30, 1 << 63, .max] as [UInt64]
    )
    func longTable(length: UInt64) throws {
        try Self.expectDamage(Data(ConvertScene.little(length) + Array("{}".utf8)))
    }

    @Test("an index that leads out of the folder is rejected")
    func wayOut() async throws {
        try await Self.withFolder(format: "F16", files: 1) { folder, made in
            let index = #"{"weight_map": {"model.encoder.conv1.bias": "../other/model.safetensors"}}"#
            try folder.appending("model.safetensors.index.json").write(Data(index.utf8))
            await #expect(throws: ConversionError.forbidden("the file “../other/model.safetensors”")) {
                try await ModelConverter(models: ModelLibrary(folder: "/nowhere")).convert(folder, to: made)
            }
        }
    }

    @Test("impossible sizes are rejected before memory is allocated for them")
    func hugeSizes() async throws {
        try await Self.withFolder(format: "F16", files: 1) { folder, made in
            try HuggingFaceScene.writeConfiguration(into: folder, layers: 2_000_000_000)
            await #expect(throws: ConversionError.notWhisper("no Whisper model has such sizes")) {
                try await ModelConverter(models: ModelLibrary(folder: "/nowhere")).convert(folder, to: made)
            }
        }
    }

    @Test("a model with a layer too few or too many is rejected", arguments: [3, 5])
    func otherLayers(layers: Int) async throws {
        try await Self.withFolder(format: "F16", files: 1) { folder, made in
            try HuggingFaceScene.writeConfiguration(into: folder, layers: layers)
            let error = await #expect(throws: ConversionError.self) {
                try await ModelConverter(models: ModelLibrary(folder: "/nowhere")).convert(folder, to: made)
            }
            #expect(error?.code == "not_whisper")
        }
    }

    private static func expectDamage(_ data: Data) throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let path = folder.appending("model.safetensors")
        try path.write(data)
        let error = #expect(throws: ConversionError.self) { try Safetensors(path: path) }
        #expect(error?.code == "damaged")
    }

    /// Runs work with a folder of the demo model, and a path for the converted model.
    private static func withFolder(format: String, files: Int, _ work: (FilePath, FilePath) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let source = folder.appending("whisper-demo")
            try HuggingFaceScene.write(to: source, format: format, files: files)
            try await work(source, folder.appending("ggml-made.bin"))
        }
    }
}
