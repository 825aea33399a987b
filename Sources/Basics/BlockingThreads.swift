import NIOPosix

/// Threads for work that waits for the disk or another process, or computes for long without a pause.
///
/// They are not dispatch's: its concurrent queues and the cooperative pool share as many threads as there are processors, so that as many calls
/// would stop everything (findings/dispatch-queue-stops-swift-tasks.sh).
package final class BlockingThreads: Sendable {
    /// Enough for a disk that answers late; a folder on a server that is away holds up what needs files, and nothing else.
    package static let shared = BlockingThreads(count: 32)

    private let threads: NIOThreadPool

    package init(count: Int) {
        threads = NIOThreadPool(numberOfThreads: count)
        threads.start()
    }

    /// Runs work, also in a cancelled task.
    ///
    /// - Throws: What the work throws.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            start { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// Runs work later, in the order of the calls.
    package func start(_ work: @escaping @Sendable () -> Void) {
        threads.submit { _ in work() }
    }
}

/// Runs work that waits for the disk, or computes for long without a pause, on a thread outside the cooperative pool.
///
/// - Throws: What the work throws.
package func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await BlockingThreads.shared.run(work)
}
