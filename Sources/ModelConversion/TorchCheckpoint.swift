import ModelLibrary
import SystemPackage

/// Reads OpenAI's format: a zip file with a pickle that names the tensors, and an entry for the numbers of each.
enum TorchCheckpoint {
    /// Reads what the converter needs; blocks its thread. Throws `ConversionError` or the system's `Errno`.
    static func read(_ path: FilePath) throws -> Checkpoint {
        let file = try FileDescriptor.openFile(path)
        defer { try? file.close() }
        guard ZipArchive.isOne(file) else { throw ConversionError.unknownSource }
        let archive = try ZipArchive(file)
        let pickles = archive.entries.values.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
        guard let entry = pickles.first, pickles.count == 1 else { throw ConversionError.notWhisper("it has no list of tensors") }
        // The list of the largest model has 0.2 MB.
        guard entry.byteCount <= 4 << 20 else { throw ConversionError.damaged("its list of tensors has an impossible size") }
        let folder = String(entry.name.dropLast("data.pkl".count))
        if let order = archive.entries[folder + "byteorder"], try file.bytes(at: order.offset, count: 6) != Array("little".utf8) {
            throw ConversionError.unsupported("its numbers are big-endian")
        }
        let pickle = try Pickle(try file.bytes(at: entry.offset, count: Int(entry.byteCount)))
        guard let sizes = pickle["dims"].flatMap(pickle.pairs), let state = pickle["model_state_dict"].flatMap(pickle.pairs) else {
            throw ConversionError.notWhisper("its sizes or its weights are missing")
        }
        let tensors = try state.map { name, value in
            guard let name = name.text, case .tensor(let tensor) = value else {
                throw ConversionError.notWhisper("one of its weights is not a tensor")
            }
            return try Checkpoint.Tensor(tensor, name: name, entry: archive.entries["\(folder)data/\(tensor.storage.key)"], file: path)
        }
        return Checkpoint(header: try ModelHeader(torch: sizes), tensors: tensors, vocabulary: nil, roundsToHalf: false)
    }
}

extension ModelHeader {
    /// The sizes, with their names in OpenAI's checkpoints.
    fileprivate init(torch pairs: [(key: PickleValue, value: PickleValue)]) throws(ConversionError) {
        self.init(
            vocabulary: try Self.size("n_vocab", pairs),
            audioLayers: try Self.size("n_audio_layer", pairs),
            textState: try Self.size("n_text_state", pairs),
            textHeads: try Self.size("n_text_head", pairs),
            textLayers: try Self.size("n_text_layer", pairs),
            melBands: try Self.size("n_mels", pairs)
        )
        audioContext = try Self.size("n_audio_ctx", pairs)
        audioState = try Self.size("n_audio_state", pairs)
        audioHeads = try Self.size("n_audio_head", pairs)
        textContext = try Self.size("n_text_ctx", pairs)
    }

    private static func size(_ name: String, _ pairs: [(key: PickleValue, value: PickleValue)]) throws(ConversionError) -> Int {
        guard let size = pairs.last(where: { $0.key.text == name })?.value.integer else { throw .notWhisper("it lacks “\(name)”") }
        return size
    }
}

extension Checkpoint.Tensor {
    /// A tensor in an entry of a zip file; throws if it exceeds the entry, or if its numbers are not stored in order.
    fileprivate init(_ tensor: TorchTensor, name: String, entry: ZipArchive.Entry?, file: FilePath) throws(ConversionError) {
        let storage = tensor.storage
        guard let entry else { throw .damaged("the numbers of “\(name.prefix(100))” are missing") }
        let width = Int64(storage.format.byteCount)
        guard tensor.start >= 0, storage.count >= 0, storage.count <= entry.byteCount / width, tensor.start <= storage.count else {
            throw .damaged("“\(name.prefix(100))” exceeds its storage")
        }
        self.init(name: name, format: storage.format, shape: tensor.shape, file: file, offset: entry.offset + Int64(tensor.start) * width)
        guard let byteCount, byteCount <= Int64(storage.count - tensor.start) * width else {
            throw .damaged("“\(name.prefix(100))” exceeds its storage")
        }
        var distance = 1
        for (size, stride) in zip(tensor.shape, tensor.strides).reversed() where size != 1 {
            guard stride == distance else { throw .unsupported("the numbers of “\(name.prefix(100))” are not stored in order") }
            distance *= size
        }
        guard tensor.strides.count == tensor.shape.count else { throw .damaged("“\(name.prefix(100))” has an impossible shape") }
    }
}
