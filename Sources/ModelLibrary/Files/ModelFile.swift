import SystemPackage

/// The structure of a model file in ggml's format, checked to be complete and as the engine expects it.
///
/// Reads the beginning of the file and the head of each tensor, but not the weights: a few kilobytes of memory and some milliseconds for
/// any size of model. No tensor of the file is missing, misshapen or incomplete, and nothing follows the last one.
package struct ModelFile: Sendable {
    /// A tensor and its place in the file.
    package struct Tensor: Sendable, Hashable {
        package let name: String
        package let type: TensorType
        /// The sizes of the dimensions, the one with adjacent numbers first.
        package let shape: [Int]
        /// The offset of the numbers in the file, in bytes.
        package let offset: Int64
        package let byteCount: Int64
    }

    package let header: ModelHeader
    package let matrixType: TensorType
    package let byteCount: Int64
    /// The offset of the head of the first tensor, which follows the header, the mel filters and the vocabulary.
    package let tensorsOffset: Int64
    /// The tensors in the order of the file.
    package let tensors: [Tensor]

    /// The number of parameters.
    package var parameters: Int { tensors.reduce(0) { $0 + $1.shape.reduce(1, *) } }

    /// The quantization of the weights, "q5_0"; nil if they are not quantized.
    package var quantization: String? { matrixType == .f32 || matrixType == .f16 ? nil : matrixType.name }

    /// Reads and checks the structure of a file.
    package init(path: FilePath) throws(ModelFileError) {
        let file: FileDescriptor
        do { file = try FileDescriptor.openFile(path) } catch { throw .unreadable("\(error)") }
        defer { try? file.close() }
        do {
            try self.init(file)
        } catch let error as ModelFileError {
            throw error
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private init(_ file: FileDescriptor) throws {
        let front = try ModelFront(file)
        guard let layout = ModelLayout(front.header) else { throw ModelFileError.strangeSizes("no model has such sizes") }
        guard let type = TensorType(fileType: front.header.fileType % 1000) else {
            throw ModelFileError.strangeSizes("the weights have the unknown type \(front.header.fileType)")
        }
        header = front.header
        matrixType = type
        let reader = try FileReader(file, from: front.end)
        byteCount = reader.length
        tensorsOffset = front.end
        var tensors: [String: Tensor] = [:]
        var order: [String] = []
        while reader.remaining > 0 {
            let start = reader.position
            let tensor = try reader.tensor(in: layout, matrixType: type)
            guard tensors.updateValue(tensor, forKey: tensor.name) == nil else {
                throw ModelFileError.damaged(at: start, "\(tensor.name) occurs twice")
            }
            order.append(tensor.name)
        }
        guard tensors.count == layout.slots.count else { throw ModelFileError.cutOff(at: byteCount) }
        self.tensors = order.compactMap { tensors[$0] }
    }

    /// The bytes that precede the numbers of a tensor in a file.
    package static func tensorHead(name: String, type: TensorType, shape: [Int]) -> [UInt8] {
        let name = Array(name.utf8)
        return shape.count.fourBytes + name.count.fourBytes + type.rawValue.fourBytes + shape.flatMap(\.fourBytes) + name
    }
}

extension FileReader {
    /// Reads the head of a tensor and skips its numbers.
    fileprivate func tensor(in layout: ModelLayout, matrixType: TensorType) throws -> ModelFile.Tensor {
        let start = position
        guard let dimensions = try int32(), let nameLength = try int32(), let typeNumber = try int32() else {
            throw ModelFileError.cutOff(at: length)
        }
        guard (1...3).contains(dimensions), (1...128).contains(nameLength), let type = TensorType(rawValue: typeNumber) else {
            throw ModelFileError.damaged(at: start, "no tensor begins here")
        }
        var shape: [Int] = []
        for _ in 0..<dimensions {
            guard let size = try int32() else { throw ModelFileError.cutOff(at: length) }
            shape.append(size)
        }
        guard let bytes = try bytes(nameLength) else { throw ModelFileError.cutOff(at: length) }
        let name = String(decoding: bytes, as: UTF8.self)
        guard let slot = layout.slots[name] else {
            throw ModelFileError.damaged(at: start, "a model of these sizes has no tensor of that name")
        }
        guard slot.shape == shape else { throw ModelFileError.damaged(at: start, "\(name) does not have the shape \(slot.shape)") }
        guard type == slot.role.type(matrixType: matrixType), shape[0] % type.block.numbers == 0 else {
            throw ModelFileError.damaged(at: start, "\(name) cannot have the type \(type.name) in this file")
        }
        let offset = position
        // This cannot overflow, because the sizes in a layout are limited to about a million each.
        let byteCount = Int64(shape.reduce(1, *) / type.block.numbers * type.block.bytes)
        guard skip(byteCount) else { throw ModelFileError.cutOff(at: length) }
        return ModelFile.Tensor(name: name, type: type, shape: shape, offset: offset, byteCount: byteCount)
    }
}
