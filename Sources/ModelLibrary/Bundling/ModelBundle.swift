import Basics
import SystemPackage

/// A file with several models, for machines without a network: a tar archive whose first file lists the others.
package enum ModelBundle {
    /// The progress of writing or installing a bundle.
    package struct Progress: Sendable, Hashable {
        /// The current step.
        package enum Step: String, Sendable, Hashable {
            case checking, writing, installing
        }

        package let step: Step
        package let model: String
        /// The bytes of all models that this step has processed.
        package let bytes: Int64
        /// The bytes of all models.
        package let total: Int64

        /// The fraction from 0 to 1.
        package var fraction: Double { total > 0 ? min(1, Double(bytes) / Double(total)) : 1 }
    }

    /// The bytes of a file that are read at once.
    static let pieceBytes = 4 << 20

    /// Runs work that waits for a file, and names the file in the error if it fails.
    static func work<Value: Sendable>(on path: FilePath, _ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await blocking(work)
        } catch let error as Errno {
            if error == .resourceTemporarilyUnavailable { throw BundleError.busy(path.string) }
            throw BundleError.file(path.string, reason: "\(error)")
        }
    }

    /// Passes on a range of a file in pieces; throws `BundleError.damaged` if the file ends within it.
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
            guard bytes.count == count else { throw BundleError.damaged("\(path.lastComponent?.string ?? "the file") is incomplete") }
            try await consume(bytes)
        }
    }
}
