import SystemPackage

/// A model file in ggml's format whose structure is known, whole, and such as the engine expects.
///
/// Made by reading the file's beginning and the head of each tensor, never the weights: a few kilobytes of memory and some milliseconds
/// for any size of model. Where one of these exists, no tensor is missing, misshapen or cut off, and nothing follows the last.
package struct ModelFile: Sendable {
    /// One tensor and its place in the file.
    package struct Tensor: Sendable, Hashable {
        package let name: String
        package let type: TensorType
        /// The sizes of its dimensions, the one whose numbers lie side by side first.
        package let shape: [Int]
        /// Where its numbers begin, in bytes from the file's beginning.
        package let offset: Int64
        /// The bytes that its numbers take.
        package let byteCount: Int64
    }

    /// The sizes that the file begins with.
    package let header: ModelHeader
    /// How the matrices are stored.
    package let matrixType: TensorType
    /// The length of the file in bytes.
    package let byteCount: Int64
    /// Where the first tensor's head begins; before it stand the header, the mel filters and the vocabulary.
    package let tensorsOffset: Int64
    /// The tensors in the file's order.
    package let tensors: [Tensor]

    /// The numbers that the model has learnt.
    package var parameters: Int { tensors.reduce(0) { $0 + $1.shape.reduce(1, *) } }

    /// How the weights are quantised, "q5_0"; nil if they are not.
    package var quantization: String? { matrixType == .f32 || matrixType == .f16 ? nil : matrixType.name }

    /// Reads the structure of a file and checks all of it.
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
            throw ModelFileError.strangeSizes("weights of type \(front.header.fileType) are not known")
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
                throw ModelFileError.damaged(at: start, "\(tensor.name) is there twice")
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
    /// Reads the head of a tensor and passes over its numbers.
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
        guard slot.shape == shape else { throw ModelFileError.damaged(at: start, "\(name) has another shape than \(slot.shape)") }
        guard type == slot.role.type(matrixType: matrixType), shape[0] % type.block.numbers == 0 else {
            throw ModelFileError.damaged(at: start, "\(name) can't be of type \(type.name) in such a file")
        }
        let offset = position
        // No overflow: the layout's sizes are below a million each.
        let byteCount = Int64(shape.reduce(1, *) / type.block.numbers * type.block.bytes)
        guard skip(byteCount) else { throw ModelFileError.cutOff(at: length) }
        return ModelFile.Tensor(name: name, type: type, shape: shape, offset: offset, byteCount: byteCount)
    }
}
