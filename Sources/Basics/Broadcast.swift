import Synchronization

/// Passes values on to any number of subscribers, each with a buffer of its own, so that a slow one does not delay the others.
///
/// Subscribers of one topic do not receive what is sent to another. A subscription ends when its stream is dropped or its task is cancelled.
package final class Broadcast<Topic: Hashable & Sendable, Element: Sendable>: Sendable {
    package typealias Buffering = AsyncStream<Element>.Continuation.BufferingPolicy

    private struct State {
        var isFinished = false
        var nextID = 0
        var subscribers: [Topic: [Int: AsyncStream<Element>.Continuation]] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// A stream of what is sent to a topic from now on; it ends at once if the broadcast is finished.
    ///
    /// - Parameters:
    ///   - buffering: How many values wait for a slow subscriber, and which are dropped beyond that.
    ///   - first: A value that this subscriber receives at once.
    package func subscribe(to topic: Topic, buffering: Buffering, first: Element? = nil) -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(of: Element.self, bufferingPolicy: buffering)
        if let first { continuation.yield(first) }
        let id = state.withLock { state -> Int? in
            guard !state.isFinished else { return nil }
            state.nextID += 1
            state.subscribers[topic, default: [:]][state.nextID] = continuation
            return state.nextID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.unsubscribe(id, from: topic) }
        return stream
    }

    /// Sends a value to the subscribers of a topic.
    package func send(_ element: Element, to topic: Topic) {
        for subscriber in state.withLock({ $0.subscribers[topic]?.values.map(\.self) ?? [] }) { subscriber.yield(element) }
    }

    /// Sends a value to the subscribers of every topic.
    package func sendToAll(_ element: Element) {
        for subscriber in state.withLock({ $0.subscribers.values.flatMap(\.values) }) { subscriber.yield(element) }
    }

    /// Ends all streams, and those of later subscribers.
    package func finish() {
        // Continuations are called outside the lock: one that ends takes the lock again.
        let subscribers = state.withLock { state in
            state.isFinished = true
            defer { state.subscribers = [:] }
            return state.subscribers.values.flatMap(\.values)
        }
        for subscriber in subscribers { subscriber.finish() }
    }

    private func unsubscribe(_ id: Int, from topic: Topic) {
        state.withLock { state in
            state.subscribers[topic]?[id] = nil
            if state.subscribers[topic]?.isEmpty == true { state.subscribers[topic] = nil }
        }
    }
}

/// The topic of a broadcast that has only one.
package struct OneTopic: Hashable, Sendable {
    package init() {}
}

extension Broadcast where Topic == OneTopic {
    /// A stream of what is sent from now on; see `subscribe(to:buffering:first:)`.
    package func subscribe(buffering: Buffering, first: Element? = nil) -> AsyncStream<Element> {
        subscribe(to: OneTopic(), buffering: buffering, first: first)
    }

    /// Sends a value to every subscriber.
    package func send(_ element: Element) {
        send(element, to: OneTopic())
    }
}
