import Synchronization

/// Lets a limited number of tasks through at the same time, the others in the order of their arrival.
package final class Turnstile: Sendable {
    /// Too many tasks wait already, or this one waited too long.
    package struct Refusal: Error {
        package init() {}
    }

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var free: Int
        var waiters: [Waiter] = []
        var count = 0
    }

    private let state: Mutex<State>
    private let waiting: Int
    private let wait: Duration

    /// - Parameters:
    ///   - places: How many tasks may be inside.
    ///   - waiting: How many may wait.
    ///   - wait: How long each of them may wait.
    package init(places: Int, waiting: Int, wait: Duration) {
        state = Mutex(State(free: max(1, places)))
        self.waiting = waiting
        self.wait = wait
    }

    /// Waits for a place and does the work.
    ///
    /// - Throws: ``Refusal``, `CancellationError` where the task is cancelled while it waits, or the work's own error.
    package func pass<Value>(
        isolation: isolated (any Actor)? = #isolation,
        _ work: () async throws -> sending Value
    ) async throws -> sending Value {
        try await enter()
        defer { leave() }
        return try await work()
    }

    /// How many tasks wait.
    package var waitingCount: Int { state.withLock { $0.waiters.count } }

    private func enter() async throws {
        try Task.checkCancellation()
        let number = try state.withLock { state -> Int? in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            guard state.waiters.count < waiting else { throw Refusal() }
            state.count += 1
            return state.count
        }
        guard let number else { return }
        let alarm = Task {
            try await Task.sleep(for: wait)
            giveUp(number, Refusal())
        }
        defer { alarm.cancel() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.free > 0 {
                        // It became free in between.
                        state.free -= 1
                        return .success(())
                    }
                    state.waiters.append(Waiter(number: number, continuation: continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            giveUp(number, CancellationError())
        }
    }

    private func giveUp(_ number: Int, _ reason: any Error) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(throwing: reason)
    }

    private func leave() {
        let next = state.withLock { state -> Waiter? in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
            state.free += 1
            return nil
        }
        next?.continuation.resume()
    }
}
