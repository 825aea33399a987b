import Synchronization

/// Hands elements from one task to another and makes the first wait when the second falls behind.
///
/// One task sends, one receives. If either is cancelled, the queue ends for both. A class because two tasks share it; Sendable because
/// the lock guards all it has.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var end: Result<Void, any Error>?
        var sender: CheckedContinuation<Void, any Error>?
        var receiver: CheckedContinuation<Element?, any Error>?
    }

    /// What is left to do when the lock is open again.
    private typealias Step = @Sendable () -> Void

    private let capacity: Int
    private let state = Mutex(State())

    /// A queue in which so many elements may wait.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Adds an element and waits until there is room for the next one; throws what the queue was ended with.
    func send(_ element: Element) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let resume = state.withLock { state -> Step in
                    if let end = state.end { return { continuation.resume(throwing: end.error ?? CancellationError()) } }
                    if let receiver = state.receiver {
                        state.receiver = nil
                        return {
                            receiver.resume(returning: element)
                            continuation.resume()
                        }
                    }
                    state.elements.append(element)
                    if state.elements.count < capacity { return { continuation.resume() } }
                    state.sender = continuation
                    return {}
                }
                resume()
            }
        } onCancel: {
            finish(throwing: CancellationError())
        }
    }

    /// The next element; nil at the end, or throws what the queue was ended with, after the elements that came before.
    func next() async throws -> Element? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Element?, any Error>) in
                let resume = state.withLock { state -> Step in
                    guard state.elements.isEmpty else {
                        let element = state.elements.removeFirst()
                        let sender = state.sender
                        state.sender = nil
                        return {
                            sender?.resume()
                            continuation.resume(returning: element)
                        }
                    }
                    if let end = state.end { return { continuation.resume(with: end.map { nil }) } }
                    state.receiver = continuation
                    return {}
                }
                resume()
            }
        } onCancel: {
            finish(throwing: CancellationError())
        }
    }

    /// Ends the queue, with an error or without; later ends count for nothing.
    func finish(throwing error: (any Error)? = nil) {
        let resume = state.withLock { state -> Step in
            guard state.end == nil else { return {} }
            let end: Result<Void, any Error> = error.map { .failure($0) } ?? .success(())
            state.end = end
            let (sender, receiver) = (state.sender, state.receiver)
            (state.sender, state.receiver) = (nil, nil)
            return {
                sender?.resume(with: end)
                receiver?.resume(with: end.map { nil })
            }
        }
        resume()
    }
}

extension Result where Failure == any Error {
    fileprivate var error: (any Error)? {
        guard case .failure(let error) = self else { return nil }
        return error
    }
}
