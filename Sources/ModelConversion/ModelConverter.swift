import Basics
import ModelLibrary
import SystemPackage

/// Converts checkpoints to model files in ggml's format: OpenAI's `.pt` files, and Hugging Face folders with safetensors.
///
/// The result has the same bytes as that of whisper.cpp's `convert-pt-to-ggml.py` and `convert-h5-to-ggml.py`, but no code of a
/// checkpoint is run, and memory does not grow with its size or its claims.
package struct ModelConverter: Sendable {
    /// The precision of the matrices.
    package enum Precision: String, Sendable, Hashable, CaseIterable {
        /// 16 bits, as in all official models.
        case f16
        /// 32 bits: twice as large, and no better for models that were trained with 16 bits.
        case f32
    }

    private let vocabulary: FilePath?
    private let models: ModelLibrary

    /// - Parameters:
    ///   - vocabulary: A `.tiktoken` file or a model in ggml's format; nil for the vocabulary of the checkpoint or of an installed model.
    ///   - models: The installed models.
    package init(vocabulary: FilePath? = nil, models: ModelLibrary) {
        self.vocabulary = vocabulary
        self.models = models
    }

    /// Converts a checkpoint. The model gets its name only when it is complete and checked.
    ///
    /// - Parameters:
    ///   - source: A `.pt` file, or a folder with config.json and safetensors.
    ///   - destination: The model file to write; an existing file is replaced.
    ///   - onProgress: Called with the fraction from 0 to 1, every few megabytes.
    /// - Throws: `ConversionError`, or `CancellationError` when the task is cancelled; no file is left then.
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
                // The engine must be able to load the file before it gets its name.
                _ = try ModelFile(path: file.path)
                try file.keep()
            }
        } catch {
            try? await blocking { file.discard() }
            throw error
        }
    }

    /// Copies the numbers of a tensor in pieces, and reports the bytes of the source in each.
    private func copy(
        _ tensor: Checkpoint.Tensor,
        to file: NewFile,
        as target: TensorType,
        throughHalf: Bool,
        report: (Int64) async -> Void
    ) async throws {
        let source = try await work(on: tensor.file) { try FileDescriptor.openFile(tensor.file) }
        defer { try? source.close() }
        let length = tensor.byteCount ?? 0
        for start in stride(from: 0, to: length, by: Self.pieceBytes) {
            try Task.checkCancellation()
            let count = Int(min(Int64(Self.pieceBytes), length - start))
            try await work(on: tensor.file) {
                let bytes = try source.bytes(at: tensor.offset + start, count: count)
                guard bytes.count == count else { throw ConversionError.damaged("it was truncated while it was read") }
                try file.write(Numbers.convert(bytes, from: tensor.format, to: target, throughHalf: throughHalf))
            }
            await report(Int64(count))
        }
    }

    /// The bytes of a tensor that are read at once.
    private static let pieceBytes = Int64.Stride(4 << 20)

    /// The vocabulary for the checkpoint: the one of the option, its own, or that of an installed model.
    private func findVocabulary(for checkpoint: Checkpoint) throws -> Vocabulary {
        let englishOnly = !checkpoint.header.isMultilingual
        if let vocabulary {
            let words = try Vocabulary(path: vocabulary)
            guard words.fits(englishOnly: englishOnly) else {
                throw ConversionError.vocabularyUnfit(
                    "\(vocabulary.string) has \(words.words.count) words, which are not those of \(englishOnly ? "an English-only" : "a multilingual") model"
                )
            }
            return words
        }
        if let own = checkpoint.vocabulary { return own }
        // Broken files among the installed models are skipped.
        for model in models.models() where model.header?.isMultilingual == !englishOnly {
            if let words = try? Vocabulary(path: model.path), words.fits(englishOnly: englishOnly) { return words }
        }
        throw ConversionError.vocabularyMissing(englishOnly: englishOnly)
    }

    /// Runs work that waits for a file, and names the file in the error if it fails.
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
