import Foundation
import ModelLibrary
import SystemPackage

/// A folder in Hugging Face's format: config.json, the weights in one or more safetensors files, and a tokenizer.
struct HuggingFaceFolder {
    /// The largest JSON file that is read; a tokenizer.json has about 4 MB.
    private static let largestFile: Int64 = 16 << 20

    private let path: FilePath

    /// Whether a path is a folder with a configuration.
    static func isOne(_ path: FilePath) -> Bool {
        FileManager.default.fileExists(atPath: path.appending("config.json").string)
    }

    init(_ path: FilePath) {
        self.path = path
    }

    /// Reads what the converter needs; blocks its thread. Throws `ConversionError` or the system's `Errno`.
    func checkpoint() throws -> Checkpoint {
        let header = try header()
        // Check the sizes before anything is allocated from them.
        guard ModelLayout(header) != nil else { throw ConversionError.notWhisper("no Whisper model has such sizes") }
        let tensors = try tensors(in: HuggingFaceNames.all(header))
        return Checkpoint(header: header, tensors: tensors, vocabulary: try vocabulary(), roundsToHalf: true)
    }

    /// The sizes in config.json.
    private func header() throws -> ModelHeader {
        guard let config = try object("config.json") else { throw ConversionError.unknownSource }
        var header = ModelHeader(
            vocabulary: try Self.size("vocab_size", config),
            audioLayers: try Self.size("encoder_layers", config),
            textState: try Self.size("d_model", config),
            textHeads: try Self.size("decoder_attention_heads", config),
            textLayers: try Self.size("decoder_layers", config),
            melBands: try Self.size("num_mel_bins", config)
        )
        header.audioContext = try Self.size("max_source_positions", config)
        header.audioHeads = try Self.size("encoder_attention_heads", config)
        header.textContext = try Self.size("max_target_positions", config)
        return header
    }

    private static func size(_ name: String, _ config: [String: Any]) throws(ConversionError) -> Int {
        guard let size = config[name] as? Int else { throw .notWhisper("config.json lacks “\(name)”") }
        return size
    }

    /// The tensors of all files with the names and the order of a list; throws if one is missing or unknown.
    private func tensors(in names: [(theirs: String, ours: String)]) throws -> [Checkpoint.Tensor] {
        var found = try allTensors()
        var tensors: [Checkpoint.Tensor] = []
        for name in names {
            guard let tensor = found.removeValue(forKey: name.theirs) else {
                throw ConversionError.notWhisper("“\(name.theirs)” is missing")
            }
            tensors.append(
                Checkpoint.Tensor(name: name.ours, format: tensor.format, shape: tensor.shape, file: tensor.file, offset: tensor.offset)
            )
        }
        if let foreign = found.keys.min() { throw ConversionError.notWhisper("it has an unknown tensor “\(foreign.prefix(100))”") }
        return tensors
    }

    /// The tensors of all files by name, without the leading “model.”, which some programs omit.
    private func allTensors() throws -> [String: Safetensors.Tensor] {
        var tensors: [String: Safetensors.Tensor] = [:]
        for name in try files() {
            // The weights of the output are those of the token embedding; some programs write them, but nothing uses them.
            for (name, tensor) in try Safetensors(path: path.appending(name)).tensors where name != "proj_out.weight" {
                let name = name.hasPrefix("model.") ? String(name.dropFirst("model.".count)) : name
                guard tensors.updateValue(tensor, forKey: name) == nil else {
                    throw ConversionError.damaged("“\(name.prefix(100))” occurs twice")
                }
            }
        }
        return tensors
    }

    /// The words of vocab.json, or of tokenizer.json, which newer programs write; nil if there is neither.
    private func vocabulary() throws -> Vocabulary? {
        if let words = try object("vocab.json") {
            guard let numbers = words as? [String: Int] else { throw ConversionError.vocabularyUnfit("vocab.json is not a list of words") }
            return try Vocabulary(huggingFace: numbers)
        }
        guard let model = try object("tokenizer.json")?["model"] as? [String: Any], let numbers = model["vocab"] as? [String: Int] else {
            return nil
        }
        return try Vocabulary(huggingFace: numbers)
    }

    /// The names of the files with weights: one, or those in the index of a divided model.
    private func files() throws -> [String] {
        guard let index = try object("model.safetensors.index.json") else {
            guard FileManager.default.fileExists(atPath: path.appending("model.safetensors").string) else {
                throw ConversionError.unsupported("the folder has no model.safetensors")
            }
            return ["model.safetensors"]
        }
        guard let places = index["weight_map"] as? [String: String] else { throw ConversionError.damaged("its index names no files") }
        let names = Set(places.values).sorted()
        // A name must not lead out of the folder.
        if let stranger = names.first(where: { $0.contains("/") || !$0.hasSuffix(".safetensors") }) {
            throw ConversionError.forbidden("the file “\(stranger.prefix(100))”")
        }
        return names
    }

    /// A JSON file of the folder; nil if there is none.
    private func object(_ name: String) throws -> [String: Any]? {
        let file = path.appending(name)
        guard FileManager.default.fileExists(atPath: file.string) else { return nil }
        return try Self.object(try FileDescriptor.openFile(file), name)
    }

    private static func object(_ file: FileDescriptor, _ name: String) throws -> [String: Any]? {
        defer { try? file.close() }
        let length = try file.length()
        guard length <= largestFile else { throw ConversionError.damaged("\(name) is too large") }
        guard let object = try? JSONSerialization.jsonObject(with: Data(file.bytes(at: 0, count: Int(length)))) as? [String: Any] else {
            throw ConversionError.damaged("\(name) cannot be read")
        }
        return object
    }
}
