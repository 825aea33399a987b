import Foundation
import SystemPackage
import TestSupport

@testable import ModelConversion
@testable import ModelLibrary

/// Writes the demo model as Hugging Face's programs would.
enum HuggingFaceScene {
    /// Writes a folder with config.json, the weights in a number of files, and vocab.json.
    ///
    /// - Parameter format: "F16", the checkpoint's own, or "F32".
    static func write(to folder: FilePath, format: String, files: Int) throws {
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        try writeConfiguration(into: folder, layers: 4)
        let checkpoint = try TorchCheckpoint.read(DemoCheckpoint.path)
        let source = try DemoCheckpoint.path.contents()
        // Sorted by name, because that is how they come, and the order must not matter.
        let tensors = checkpoint.tensors.map { (name: theirName($0.name), tensor: $0) }.sorted { $0.name < $1.name }
        var map: [String: String] = [:]
        for file in 0..<files {
            let name = files == 1 ? "model.safetensors" : "model-0000\(file + 1)-of-0000\(files).safetensors"
            let part = tensors.enumerated().filter { $0.offset % files == file }.map(\.element)
            for tensor in part { map[tensor.name] = name }
            try folder.appending(name).write(safetensors(part, from: source, format: format))
        }
        if files > 1 {
            try folder.appending("model.safetensors.index.json").write(JSONSerialization.data(withJSONObject: ["weight_map": map]))
        }
        let demo = try ModelLibrary(folder: "/nowhere").model(named: "demo")
        let words = try Vocabulary(path: demo.path).words.enumerated().map { (spelled($0.element), $0.offset) }
        try folder.appending("vocab.json").write(JSONEncoder().encode(Dictionary(uniqueKeysWithValues: words)))
    }

    /// Writes a config.json with the sizes of the demo model and a number of layers in each half.
    static func writeConfiguration(into folder: FilePath, layers: Int) throws {
        let configuration: [String: Int] = [
            "vocab_size": 51_865, "num_mel_bins": 80, "d_model": 128, "encoder_layers": layers, "encoder_attention_heads": 2,
            "decoder_layers": layers, "decoder_attention_heads": 2, "max_source_positions": 1500, "max_target_positions": 448,
            "max_length": 448,
        ]
        try folder.appending("config.json").write(JSONEncoder().encode(configuration))
    }

    private static func safetensors(
        _ tensors: [(name: String, tensor: Checkpoint.Tensor)],
        from source: Data,
        format: String
    ) throws -> Data {
        var table: [String: Any] = ["__metadata__": ["format": "pt"]]
        var numbers = Data()
        for (name, tensor) in tensors {
            let start = numbers.count
            let bytes = source[Int(tensor.offset)..<Int(tensor.offset + (tensor.byteCount ?? 0))]
            numbers += format == "F16" ? Data(bytes) : widened(bytes)
            table[name] = ["dtype": format, "shape": tensor.shape, "data_offsets": [start, numbers.count]]
        }
        let head = try JSONSerialization.data(withJSONObject: table)
        return Data(ConvertScene.little(UInt64(head.count))) + head + numbers
    }

    /// Numbers of 16 bits in 32.
    private static func widened(_ bytes: Data) -> Data {
        var wide = Data(capacity: bytes.count * 2)
        for index in stride(from: bytes.startIndex, to: bytes.endIndex, by: 2) {
            let half = UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
            withUnsafeBytes(of: Numbers.float(half).bitPattern.littleEndian) { wide.append(contentsOf: $0) }
        }
        return wide
    }

    /// The name that OpenAI's tensor has at Hugging Face; the table is the one of transformers' `convert_openai_to_hf.py`.
    private static func theirName(_ name: String) -> String {
        let replacements = [
            ("blocks", "layers"), ("mlp.0", "fc1"), ("mlp.2", "fc2"), ("mlp_ln", "final_layer_norm"),
            (".attn.query", ".self_attn.q_proj"), (".attn.key", ".self_attn.k_proj"), (".attn.value", ".self_attn.v_proj"),
            (".attn_ln", ".self_attn_layer_norm"), (".attn.out", ".self_attn.out_proj"),
            (".cross_attn.query", ".encoder_attn.q_proj"), (".cross_attn.key", ".encoder_attn.k_proj"),
            (".cross_attn.value", ".encoder_attn.v_proj"), (".cross_attn_ln", ".encoder_attn_layer_norm"),
            (".cross_attn.out", ".encoder_attn.out_proj"), ("decoder.ln.", "decoder.layer_norm."),
            ("encoder.ln_post.", "encoder.layer_norm."), ("token_embedding", "embed_tokens"),
            ("encoder.positional_embedding", "encoder.embed_positions.weight"),
            ("decoder.positional_embedding", "decoder.embed_positions.weight"),
        ]
        return "model." + replacements.reduce(name) { $0.replacing($1.0, with: $1.1) }
    }

    /// A word in the letters that stand for bytes.
    private static func spelled(_ word: [UInt8]) -> String {
        String(String.UnicodeScalarView(word.compactMap { letters[Int($0)] }))
    }

    /// The letter of each byte: itself if it is printable, otherwise the next from U+0100 on.
    private static let letters: [Unicode.Scalar?] = {
        let printable = Set(Array(0x21...0x7e) + Array(0xa1...0xac) + Array(0xae...0xff))
        let others = (0...0xff).filter { !printable.contains($0) }
        return (0...0xff).map { byte in Unicode.Scalar(UInt32(others.firstIndex(of: byte).map { 256 + $0 } ?? byte)) }
    }()
}
