import Basics
import SystemPackage

/// One file with several models in it, to carry them to where no model can be downloaded: a tar archive whose first file lists the others.
package enum ModelBundle {
    /// Where the writing or installing of a bundle stands.
    package struct Progress: Sendable, Hashable {
        /// What is done to the model.
        package enum Step: String, Sendable, Hashable {
            case checking, writing, installing
        }

        package let step: Step
        /// The model's name.
        package let model: String
        /// Bytes of all models that this step is through with.
        package let bytes: Int64
        /// Bytes of all models.
        package let total: Int64

        /// The part that is done, 0 to 1.
        package var fraction: Double { total > 0 ? min(1, Double(bytes) / Double(total)) : 1 }
    }

    /// Bytes of a file that are read at once.
    static let pieceBytes = 4 << 20

    /// Does work that waits for a file, and says which file it was if that fails.
    static func work<Value: Sendable>(on path: FilePath, _ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await blocking(work)
        } catch let error as Errno {
            if error == .resourceTemporarilyUnavailable { throw BundleError.busy(path.string) }
            throw BundleError.file(path.string, reason: "\(error)")
        }
    }

    /// Hands on a stretch of a file in pieces; throws `BundleError.damaged` if the file ends within it.
    static func read(
        _ file: FileDescriptor,
        _ path: FilePath,
        _ range: Range<Int64>,
        _ consume: ([UInt8]) async throws -> Void
    ) async throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: pieceBytes) {
            try Task.checkCancellation()
            let count = Int(min(Int64(pieceBytes), range.upperBound - start))
            let bytes = try await work(on: path) { try file.bytes(at: start, count: count) }
            guard bytes.count == count else { throw BundleError.damaged("\(path.lastComponent?.string ?? "the file") is cut off") }
            try await consume(bytes)
        }
    }
}
