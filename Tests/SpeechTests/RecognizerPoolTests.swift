import Speech
import Synchronization
import TestSupport
import Testing

@Suite("A pool of recognizers")
struct RecognizerPoolTests {
    @Test("never lends more than its size, and lends the same ones again", arguments: [1, 2, 3])
    func size(_ size: Int) async throws {
        let pool = try await DemoEngine.newPool(size: size)
        let lent = Count()
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    try await pool.withRecognizer { _, _ in
                        lent.change(by: 1)
                        for _ in 0..<20 { await Task.yield() }
                        lent.change(by: -1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(lent.highest <= size)
        #expect(pool.count <= size)
    }

    @Test("makes no recognizer before one is needed, and only as many as are needed")
    func lazy() async throws {
        let pool = try await DemoEngine.newPool(size: 4)
        #expect(pool.count == 0)
        for _ in 0..<5 { try await pool.withRecognizer { _, _ in } }
        #expect(pool.count == 1)
    }

    @Test("lets a cancelled waiter go, and forgets it")
    func cancelledWaiter() async throws {
        let pool = try await DemoEngine.newPool(size: 1)
        let served = Count()
        try await pool.withRecognizer { _, _ in
            let waiting = Task { try await pool.withRecognizer { _, _ in served.change(by: 1) } }
            for _ in 0..<100 { await Task.yield() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            let cancelledBefore = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await pool.withRecognizer { _, _ in served.change(by: 1) }
            }
            await #expect(throws: CancellationError.self) { try await cancelledBefore.value }
        }
        try await pool.withRecognizer { _, _ in }
        #expect(served.highest == 0)
    }

    @Test("takes a recognizer back from a job that failed")
    func failure() async throws {
        struct Failure: Error {}
        let pool = try await DemoEngine.newPool(size: 1)
        await #expect(throws: Failure.self) { try await pool.withRecognizer { _, _ in throw Failure() } }
        try await pool.withRecognizer { _, _ in }
        #expect(pool.count == 1)
    }
}

/// Counts up and down, and remembers the highest value.
private final class Count: Sendable {
    private let state = Mutex((now: 0, highest: 0))

    func change(by amount: Int) {
        state.withLock { state in
            state.now += amount
            state.highest = max(state.highest, state.now)
        }
    }

    var highest: Int { state.withLock(\.highest) }
}
