import Basics
import ModelLibrary
import SystemPackage

/// Makes model files in ggml's format of checkpoints: OpenAI's `.pt` files, and Hugging Face folders with safetensors.
///
/// The result has the same bytes as that of whisper.cpp's `convert-pt-to-ggml.py` and `convert-h5-to-ggml.py`, but no code of a
/// checkpoint is ever run, and memory stays the same whatever its size or what it says of itself.
package struct ModelConverter: Sendable {
    /// How the matrices are to be stored.
    package enum Precision: String, Sendable, Hashable, CaseIterable {
        /// In 16 bits, as all official models are.
        case f16
        /// In 32 bits; twice as large, and no better for models that were trained with 16.
        case f32
    }

    private let vocabulary: FilePath?
    private let models: ModelLibrary

    /// A converter.
    ///
    /// - Parameters:
    ///   - vocabulary: A `.tiktoken` file or a model in ggml's format; nil to take the checkpoint's own, or that of an installed model.
    ///   - models: The installed models.
    package init(vocabulary: FilePath? = nil, models: ModelLibrary) {
        self.vocabulary = vocabulary
        self.models = models
    }

    /// Converts a checkpoint. The destination takes its name only when it is whole and checked.
    ///
    /// - Parameters:
    ///   - source: A `.pt` file, or a folder with config.json and safetensors.
    ///   - destination: The model file to make; one that is there is replaced.
    ///   - onProgress: Is told the part that is done, 0 to 1, every few megabytes.
    /// - Throws: `ConversionError`, or `CancellationError` when the task is cancelled; nothing is left behind then.
    package func convert(
        _ source: FilePath,
        to destination: FilePath,
        precision: Precision = .f16,
        onProgress: @Sendable (Double) async -> Void = { _ in }
    ) async throws {
        let checkpoint = try await work(on: source) { try Checkpoint.read(source) }
        let layout = try checkpoint.checkedLayout()
        let words = try await work(on: vocabulary ?? source) { try findVocabulary(for: checkpoint) }
        let type: TensorType = precision == .f16 ? .f16 : .f32
        let file = try await work(on: destination) { try NewFile(for: destination) }
        do {
            var header = checkpoint.header
            header.fileType = type.rawValue
            let front = header.bytes + MelFilters.bytes(bands: header.melBands) + words.bytes
            try await work(on: file.path) { try file.write(front) }
            let total = checkpoint.tensors.reduce(0) { $0 + ($1.byteCount ?? 0) }
            var done: Int64 = 0
            for tensor in checkpoint.tensors {
                guard let slot = layout.slots[tensor.name] else { continue }
                let target = slot.role.type(matrixType: type)
                try await work(on: file.path) { try file.write(ModelFile.tensorHead(name: tensor.name, type: target, shape: slot.shape)) }
                try await copy(tensor, to: file, as: target, throughHalf: checkpoint.roundsToHalf) { bytes in
                    done += bytes
                    await onProgress(Double(done) / Double(max(1, total)))
                }
            }
            try await work(on: file.path) {
                // What was written must be what the engine expects, before anybody can see it.
                _ = try ModelFile(path: file.path)
                try file.keep()
            }
        } catch {
            try? await blocking { file.discard() }
            throw error
        }
    }

    /// Copies a tensor's numbers in pieces, and tells how many bytes of the source each had.
    private func copy(
        _ tensor: Checkpoint.Tensor,
        to file: NewFile,
        as target: TensorType,
        throughHalf: Bool,
        told: (Int64) async -> Void
    ) async throws {
        let source = try await work(on: tensor.file) { try FileDescriptor.openFile(tensor.file) }
        defer { try? source.close() }
        let length = tensor.byteCount ?? 0
        for start in stride(from: 0, to: length, by: Self.pieceBytes) {
            try Task.checkCancellation()
            let count = Int(min(Int64(Self.pieceBytes), length - start))
            try await work(on: tensor.file) {
                let bytes = try source.bytes(at: tensor.offset + start, count: count)
                guard bytes.count == count else { throw ConversionError.damaged("it became shorter while it was read") }
                try file.write(Numbers.convert(bytes, from: tensor.format, to: target, throughHalf: throughHalf))
            }
            await told(Int64(count))
        }
    }

    /// Bytes of a tensor that are read at once.
    private static let pieceBytes = Int64.Stride(4 << 20)

    /// The vocabulary of the checkpoint's kind: the one that was named, its own, or an installed model's.
    private func findVocabulary(for checkpoint: Checkpoint) throws -> Vocabulary {
        let englishOnly = !checkpoint.header.isMultilingual
        if let vocabulary {
            let words = try Vocabulary(path: vocabulary)
            guard words.fits(englishOnly: englishOnly) else {
                throw ConversionError.vocabularyUnfit(
                    "\(vocabulary.string) has \(words.words.count) words, and \(englishOnly ? "an English-only" : "a multilingual") model other ones"
                )
            }
            return words
        }
        if let own = checkpoint.vocabulary { return own }
        // A broken file among the installed models must not keep a good one from being used.
        for model in models.models() where model.header?.isMultilingual == !englishOnly {
            if let words = try? Vocabulary(path: model.path), words.fits(englishOnly: englishOnly) { return words }
        }
        throw ConversionError.vocabularyMissing(englishOnly: englishOnly)
    }

    /// Does work that waits for a file, and says which file it was if that fails.
    private func work<Value: Sendable>(on path: FilePath, _ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await blocking(work)
        } catch let error as Errno {
            if error == .resourceTemporarilyUnavailable { throw ConversionError.busy(path.string) }
            throw ConversionError.file(path.string, reason: "\(error)")
        } catch let error as ModelFileError {
            throw ConversionError.file(path.string, reason: "\(error)")
        }
    }
}
