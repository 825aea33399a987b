import ModelLibrary
import SystemPackage

/// A model to convert, independent of its format.
struct Checkpoint: Sendable {
    var header: ModelHeader
    /// The tensors in the order in which they are written.
    var tensors: [Tensor]
    /// The vocabulary of the checkpoint; nil if the checkpoint has none.
    var vocabulary: Vocabulary?
    /// Whether all numbers are first rounded to 16 bits, as those of Hugging Face models are.
    var roundsToHalf: Bool

    /// A tensor and the place of its numbers.
    struct Tensor: Sendable, Hashable {
        /// The name in ggml's format.
        let name: String
        let format: NumberFormat
        /// The sizes of the dimensions, the one with adjacent numbers last.
        let shape: [Int]
        let file: FilePath
        /// The offset of the numbers in the file, in bytes.
        let offset: Int64

        /// The length of the numbers in bytes; nil if no file could contain them.
        var byteCount: Int64? { NumberFormat.byteCount(of: shape, format) }
    }

    /// Reads a `.pt` file or a Hugging Face folder; blocks its thread. Throws `ConversionError` or the system's `Errno`.
    static func read(_ path: FilePath) throws -> Checkpoint {
        HuggingFaceFolder.isOne(path) ? try HuggingFaceFolder(path).checkpoint() : try TorchCheckpoint.read(path)
    }

    /// Checks that no tensor is missing or unknown, that all have the right shape, and that no two share bytes.
    ///
    /// Therefore the model is at most twice as long as the checkpoint, whatever the checkpoint claims.
    func checkedLayout() throws(ConversionError) -> ModelLayout {
        guard let layout = ModelLayout(header) else { throw .notWhisper("no Whisper model has such sizes") }
        var seen: Set<String> = []
        for tensor in tensors {
            guard let slot = layout.slots[tensor.name] else { throw .notWhisper("it has an unknown tensor “\(tensor.name.prefix(100))”") }
            guard seen.insert(tensor.name).inserted else { throw .damaged("“\(tensor.name)” occurs twice") }
            // Dimensions of size 1 are ignored, because the biases of the convolutions have one more in ggml's format.
            guard tensor.shape.filter({ $0 != 1 }).reversed() == slot.shape.filter({ $0 != 1 }) else {
                throw .notWhisper("“\(tensor.name)” has the shape \(tensor.shape)")
            }
        }
        if let missing = layout.slots.keys.filter({ !seen.contains($0) }).min() { throw .notWhisper("“\(missing)” is missing") }
        try checkOverlap()
        return layout
    }

    private func checkOverlap() throws(ConversionError) {
        let byPlace = tensors.sorted { ($0.file.string, $0.offset) < ($1.file.string, $1.offset) }
        for (first, second) in zip(byPlace, byPlace.dropFirst()) where first.file == second.file {
            guard let length = first.byteCount, first.offset + length <= second.offset else {
                throw .damaged("“\(first.name)” and “\(second.name)” overlap")
            }
        }
    }
}
