import Foundation
import ModelLibrary
import SystemPackage

/// The table of contents of a safetensors file: eight bytes of length, JSON of that length, then the numbers.
///
/// Every tensor is inside the file and has the length of its shape.
struct Safetensors: Sendable {
    struct Tensor: Sendable, Hashable {
        let format: NumberFormat
        let shape: [Int]
        /// The offset of the numbers in the file.
        let offset: Int64
        let byteCount: Int64
        let file: FilePath
    }

    let tensors: [String: Tensor]

    /// Reads the table; blocks its thread. Throws `ConversionError` or the system's `Errno`.
    init(path: FilePath) throws {
        let file = try FileDescriptor.openFile(path)
        defer { try? file.close() }
        let length = try file.length()
        let headLength = try LittleEndianBytes(file.bytes(at: 0, count: 8)).number(at: 0, 8)
        // The table of the largest model has 0.2 MB.
        guard headLength <= 8 << 20, Int64(headLength) <= length - 8 else {
            throw ConversionError.damaged("the table of \(path.lastComponent?.string ?? "") has an impossible size")
        }
        let head = Data(try file.bytes(at: 8, count: headLength))
        guard let table = try? JSONSerialization.jsonObject(with: head) as? [String: Any] else {
            throw ConversionError.damaged("the table of \(path.lastComponent?.string ?? "") cannot be read")
        }
        var tensors: [String: Tensor] = [:]
        for (name, entry) in table where name != "__metadata__" {
            tensors[name] = try Self.tensor(entry, name: name, file: path, start: Int64(8 + headLength), end: length)
        }
        self.tensors = tensors
    }

    private static func tensor(
        _ entry: Any,
        name: String,
        file: FilePath,
        start: Int64,
        end: Int64
    ) throws(ConversionError) -> Tensor {
        let name = name.prefix(100)
        guard
            let entry = entry as? [String: Any], let type = entry["dtype"] as? String, let shape = entry["shape"] as? [Int],
            let offsets = entry["data_offsets"] as? [Int], offsets.count == 2
        else { throw .damaged("“\(name)” is not described as a tensor") }
        let formats: [String: NumberFormat] = ["F32": .f32, "F16": .f16, "BF16": .bf16]
        guard let format = formats[type] else { throw .unsupported("“\(name)” has the number format “\(type.prefix(100))”") }
        let byteCount = Int64(offsets[1]).subtractingReportingOverflow(Int64(offsets[0]))
        guard offsets[0] >= 0, offsets[1] >= offsets[0], Int64(offsets[1]) <= end - start, !byteCount.overflow else {
            throw .damaged("“\(name)” exceeds the end of the file")
        }
        guard NumberFormat.byteCount(of: shape, format) == byteCount.partialValue else {
            throw .damaged("the length of “\(name)” does not match its shape")
        }
        return Tensor(format: format, shape: shape, offset: start + Int64(offsets[0]), byteCount: byteCount.partialValue, file: file)
    }
}
