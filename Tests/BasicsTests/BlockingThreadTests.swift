import Foundation
import TestSupport
import Testing

@testable import Basics

struct BlockingThreadTests {
    @Test("work that waits on many threads holds up no task")
    func waiting() async throws {
        let calls = 16
        let (held, finished) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let (outcomes, outcome) = AsyncStream.makeStream(of: DispatchTimeoutResult.self)
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        // A thread outside every pool ends the test, whatever is held up.
        Thread.detachNewThread {
            outcome.yield(finished.wait(timeout: .now() + 20))
            for _ in 0..<calls { held.signal() }
        }
        try await withThrowingTaskGroup { group in
            for _ in 0..<calls {
                group.addTask {
                    try await blocking {
                        started.yield()
                        held.wait()
                    }
                }
            }
            var waiting = 0
            for await _ in starts {
                waiting += 1
                if waiting == calls { break }
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
