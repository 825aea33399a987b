import Basics
import CWhisper
import ModelLibrary
import SystemPackage

/// Makes smaller models, with the same bytes that whisper.cpp's `quantize` program makes.
///
/// Matrices are quantised; the biases, the positions and the convolutions stay as they are. Memory is the same for all sizes.
package struct ModelQuantizer {
    /// Quantises a model of 16 or 32 bits. The destination takes its name only when it is whole and checked.
    ///
    /// - Parameters:
    ///   - destination: The file to make; one that is there is replaced.
    ///   - onProgress: Is told the part that is done, 0 to 1, every few megabytes.
    /// - Throws: `QuantizationError`, or `CancellationError` when the task is cancelled; nothing is left behind then.
    package static func quantize(
        _ source: FilePath,
        to destination: FilePath,
        as quantization: Quantization,
        onProgress: @Sendable (Double) async -> Void = { _ in }
    ) async throws {
        let model = try await work(on: source) { try ModelFile(path: source) }
        if let type = model.quantization { throw QuantizationError.alreadyQuantized(type) }
        let input = try await work(on: source) { try FileDescriptor.openFile(source) }
        defer { try? input.close() }
        let output = try await work(on: destination) { try NewFile(for: destination) }
        do {
            let quantizer = ModelQuantizer(model: model, quantization: quantization, source: source, input: input, output: output)
            try await quantizer.writeFront()
            var done: Int64 = 0
            for tensor in model.tensors {
                try await quantizer.write(tensor) { bytes in
                    done += bytes
                    await onProgress(Double(done) / Double(model.byteCount))
                }
            }
            try await work(on: output.path) {
                // What was written must be what the engine expects, before anybody can see it.
                _ = try ModelFile(path: output.path)
                try output.keep()
            }
        } catch {
            try? await blocking { output.discard() }
            throw error
        }
    }

    private let model: ModelFile
    private let quantization: Quantization
    private let source: FilePath
    private let input: FileDescriptor
    private let output: NewFile

    /// Bytes of a tensor that are read at once.
    private static let pieceBytes = 4 << 20

    /// Copies what stands before the tensors, with another type.
    private func writeFront() async throws {
        var header = model.header
        header.fileType = quantization.fileType
        let begin = header.bytes
        try await Self.work(on: output.path) { [output] in try output.write(begin) }
        let rest = Int64(ModelHeader.byteCount)..<model.tensorsOffset
        try await copy(rest) { $0 }
    }

    /// Writes a tensor as the quantised file has it, and tells how many bytes of the source each piece had.
    private func write(_ tensor: ModelFile.Tensor, told: (Int64) async -> Void) async throws {
        let target = target(of: tensor)
        let head = ModelFile.tensorHead(name: tensor.name, type: target, shape: tensor.shape)
        try await Self.work(on: output.path) { [output] in try output.write(head) }
        let range = tensor.offset..<tensor.offset + tensor.byteCount
        let type = tensor.type
        if target == type {
            try await copy(range, told: told) { $0 }
        } else {
            // Whole rows, because blocks never cross from one into the next.
            let row = tensor.shape[0]
            try await copy(range, unit: row * type.block.bytes, told: told) { Self.quantize($0, from: type, to: target, row: row) }
        }
    }

    /// Matrices take the new type; the engine wants the convolutions of a quantised model in 16 bits, whatever they were before.
    private func target(of tensor: ModelFile.Tensor) -> TensorType {
        guard let slot = ModelLayout(model.header)?.slots[tensor.name] else { return tensor.type }
        return slot.role.type(matrixType: quantization.type)
    }

    /// Copies a stretch of the source in pieces of whole units, each of which may be changed.
    private func copy(
        _ range: Range<Int64>,
        unit: Int = 1,
        told: (Int64) async -> Void = { _ in },
        changing: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) async throws {
        let piece = Int64(max(1, Self.pieceBytes / unit) * unit)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Int64.Stride(piece)) {
            try Task.checkCancellation()
            let count = Int(min(piece, range.upperBound - start))
            try await Self.work(on: source) { [input, output] in
                let bytes = try input.bytes(at: start, count: count)
                guard bytes.count == count else { throw ModelFileError.cutOff(at: start + Int64(bytes.count)) }
                try output.write(changing(bytes))
            }
            await told(Int64(count))
        }
    }

    /// Quantises rows of numbers.
    private static func quantize(_ bytes: [UInt8], from source: TensorType, to target: TensorType, row: Int) -> [UInt8] {
        let count = bytes.count / source.block.bytes
        let size = count / target.block.numbers * target.block.bytes
        let numbers = [Float](unsafeUninitializedCapacity: count) { numbers, filled in
            bytes.withUnsafeBytes { bytes in
                if source == .f16 {
                    ggml_fp16_to_fp32_row(bytes.baseAddress?.assumingMemoryBound(to: ggml_fp16_t.self), numbers.baseAddress, Int64(count))
                } else {
                    UnsafeMutableRawBufferPointer(numbers).copyMemory(from: bytes)
                }
            }
            filled = count
        }
        return [UInt8](unsafeUninitializedCapacity: size) { output, filled in
            let type = ggml_type(rawValue: UInt32(target.rawValue))
            filled = ggml_quantize_chunk(type, numbers, output.baseAddress, 0, Int64(count / row), Int64(row), nil)
        }
    }

    /// Does work that waits for a file, and says which file it was if that fails.
    private static func work<Value: Sendable>(on path: FilePath, _ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await blocking(work)
        } catch let error as Errno {
            if error == .resourceTemporarilyUnavailable { throw QuantizationError.busy(path.string) }
            throw QuantizationError.file(path.string, reason: "\(error)")
        } catch let error as ModelFileError {
            throw QuantizationError.source(error)
        }
    }
}
