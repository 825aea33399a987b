import Dispatch

private let blockingQueue = DispatchQueue(label: "earshot.blocking", attributes: .concurrent)

/// Runs work that waits for the disk, or computes for long without a pause, on a thread of its own instead of the cooperative pool.
///
/// - Throws: What the work throws.
package func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        blockingQueue.async { continuation.resume(with: Result(catching: work)) }
    }
}
