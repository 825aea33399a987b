import Dispatch

/// Runs work that waits for the disk, or computes for long without a pause, beside the cooperative threads.
package enum FileWork {
    private static let queue = DispatchQueue(label: "earshot.files", attributes: .concurrent)

    /// Does the work on a thread that may be kept waiting, and hands back what it returns or throws.
    package static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
