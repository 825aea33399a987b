import ModelLibrary
import SystemPackage

/// A model as a converter sees it, whatever it was stored in.
struct Checkpoint: Sendable {
    /// The model's sizes.
    var header: ModelHeader
    /// The tensors, in the order in which they are to be written.
    var tensors: [Tensor]
    /// The words that came with the checkpoint; nil if the vocabulary has to be found elsewhere.
    var vocabulary: Vocabulary?
    /// Whether all numbers are rounded to 16 bits first, as Hugging Face models are.
    var roundsToHalf: Bool

    /// A tensor and where its numbers lie.
    struct Tensor: Sendable, Hashable {
        /// Its name in ggml's format.
        let name: String
        let format: NumberFormat
        /// The sizes of its dimensions, the one whose numbers lie side by side last.
        let shape: [Int]
        let file: FilePath
        /// Where its numbers begin, in bytes from the file's beginning.
        let offset: Int64

        /// The bytes that its numbers take; nil if no file could hold them.
        var byteCount: Int64? { NumberFormat.byteCount(of: shape, format) }
    }

    /// Reads a `.pt` file or a Hugging Face folder; blocks its thread. Throws `ConversionError` or the system's `Errno`.
    static func read(_ path: FilePath) throws -> Checkpoint {
        HuggingFaceFolder.isOne(path) ? try HuggingFaceFolder(path).checkpoint() : try TorchCheckpoint.read(path)
    }

    /// The tensors by what the engine expects: none missing, none foreign, all of the right shape, no two of the same bytes.
    ///
    /// So what is written is never longer than twice what was read, whatever the checkpoint says of itself.
    func checkedLayout() throws(ConversionError) -> ModelLayout {
        guard let layout = ModelLayout(header) else { throw .notWhisper("no Whisper model has such sizes") }
        var seen: Set<String> = []
        for tensor in tensors {
            guard let slot = layout.slots[tensor.name] else { throw .notWhisper("“\(tensor.name.prefix(100))” is foreign to it") }
            guard seen.insert(tensor.name).inserted else { throw .damaged("“\(tensor.name)” is there twice") }
            // Sizes of 1 say nothing; the biases of the convolutions have one more of them in ggml's format.
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
                throw .damaged("“\(first.name)” and “\(second.name)” lie in the same place")
            }
        }
    }
}
