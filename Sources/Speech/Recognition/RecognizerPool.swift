import Synchronization

/// Lends recognizers of one model, never more at a time than its size, in the order of the requests.
///
/// A class because it is little more than a lock; Sendable because the lock guards all it has.
package final class RecognizerPool: Sendable {
    private struct Waiter {
        let ticket: Int
        let continuation: CheckedContinuation<Recognizer, any Error>
    }

    private struct State {
        var idle: [Recognizer] = []
        var made = 0
        var waiters: [Waiter] = []
        var lastTicket = 0
        var arriving: Set<Int> = []
    }

    /// The most recognizers there can be.
    package let size: Int

    /// The model that they recognize with.
    package let model: WhisperModel

    private let plan: EnginePlan?
    private let state = Mutex(State())

    /// An empty pool; recognizers are made when they are needed, and kept.
    package init(model: WhisperModel, size: Int) {
        Memory.returnFreedPages()
        self.model = model
        self.size = max(1, size)
        plan = nil
    }

    /// A pool with the plan's number of recognizers, each of which uses at most the plan's number of threads.
    package init(model: WhisperModel, plan: EnginePlan) {
        Memory.returnFreedPages()
        self.model = model
        self.plan = plan
        size = max(1, plan.recognizers)
    }

    /// How many recognizers have been made so far.
    package var count: Int {
        state.withLock(\.made)
    }

    /// Waits for a recognizer, lends it to `body` with the number of threads to use, and takes it back.
    ///
    /// A cancelled waiter leaves the queue with `CancellationError`.
    ///
    /// - Parameters:
    ///   - threads: The number of threads if the operator set it; nil for a fair share of the idle cores.
    ///   - expected: How many recognitions are about to run at the same time, this one included, where that is more than run already:
    ///     so the first one leaves the cores that the next will need.
    package func withRecognizer<Result>(
        threads: Int? = nil,
        expecting expected: Int = 1,
        _ body: (_ recognizer: Recognizer, _ threads: Int) async throws -> Result
    ) async throws -> Result {
        let recognizer = try await take()
        defer { giveBack(recognizer) }
        try Task.checkCancellation()
        let share = FreeCores.shared.begin(expecting: min(expected, size), plan: plan)
        defer { FreeCores.shared.end() }
        return try await body(recognizer, threads ?? share)
    }

    private func take() async throws -> Recognizer {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            state.arriving.insert(state.lastTicket)
            return state.lastTicket
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Recognizer, any Error>? = state.withLock { state in
                    guard state.arriving.remove(ticket) != nil else { return .failure(CancellationError()) }
                    if let recognizer = state.idle.popLast() { return .success(recognizer) }
                    guard state.made == size else {
                        state.made += 1
                        return .success(Recognizer(model: model))
                    }
                    state.waiters.append(Waiter(ticket: ticket, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    private func cancel(_ ticket: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.ticket == ticket }) else {
                state.arriving.remove(ticket)
                return nil
            }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    private func giveBack(_ recognizer: Recognizer) {
        let waiter = state.withLock { state -> Waiter? in
            guard !state.waiters.isEmpty else {
                state.idle.append(recognizer)
                return nil
            }
            return state.waiters.removeFirst()
        }
        waiter?.continuation.resume(returning: recognizer)
    }
}
