import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Basics

struct BlockingThreadTests {
    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    @Test("work that keeps more threads busy than there are processors holds up no task")
    func busy() async throws {
        let calls = ProcessInfo.processInfo.activeProcessorCount + 2
        let (released, finished) = (Flag(), DispatchSemaphore(value: 0))
        let (outcomes, outcome) = AsyncStream.makeStream(of: DispatchTimeoutResult.self)
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        // A thread outside every pool ends the test, whatever is held up.
        Thread.detachNewThread {
            outcome.yield(finished.wait(timeout: .now() + 20))
            released.isSet.store(true, ordering: .relaxed)
        }
        try await withThrowingTaskGroup { group in
            for _ in 0..<calls {
                group.addTask {
                    try await blocking {
                        started.yield()
                        // Busy, not asleep: threads that sleep are made up for after a while.
                        while !released.isSet.load(ordering: .relaxed) {}
                    }
                }
            }
            var count = 0
            for await _ in starts {
                count += 1
                if count == calls { break }
            }
            finished.signal()
            try await group.waitForAll()
        }
        for await result in outcomes {
            #expect(result == .success)
            break
        }
    }

    @Test("work runs in a cancelled task, too, and its error comes out")
    func cancelled() async {
        let (runs, run) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await blocking {
                run.yield()
                throw CocoaError(.fileNoSuchFile)
            }
        }
        await #expect(throws: CocoaError.self) { try await task.value }
        run.finish()
        #expect(await runs.reduce(0) { count, _ in count + 1 } == 1)
    }
}
