import NIOCore
import Synchronization

/// Notices at once that a client has gone away, and lets work on its behalf end; a server puts one into each connection's pipeline.
package final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    package typealias InboundIn = Any

    private struct State {
        var isGone = false
        var nextID = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// The watch over a connection.
    ///
    /// - Throws: `CancellationError` if the connection is closed already.
    package static func over(_ channel: any Channel) async throws -> ConnectionWatch {
        do {
            return try await channel.pipeline.handler(type: ConnectionWatch.self).get()
        } catch  where !channel.isActive {
            throw CancellationError()
        }
    }

    /// Runs work and cancels it when the client's connection closes; throws `CancellationError` then.
    package static func whileConnected<Value: Sendable>(
        _ channel: any Channel,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await over(channel).whileConnected(work)
    }

    /// Runs work and cancels it when the client's connection closes; throws `CancellationError` then.
    package func whileConnected<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let departure = departure()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in departure {}
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else { throw CancellationError() }
            return value
        }
    }

    /// Whether the client has gone away.
    package var isGone: Bool { state.withLock { $0.isGone } }

    /// Yields once, and ends, when the client goes away.
    package func departure() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let id = state.withLock { state -> Int? in
            guard !state.isGone else { return nil }
            state.nextID += 1
            state.listeners[state.nextID] = continuation
            return state.nextID
        }
        guard let id else {
            continuation.yield()
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.listeners[id] = nil } }
        return stream
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        announce()
        // A browser that closes an event stream sends nothing but an end of input: without this it would be noticed at the second write.
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        announce()
        context.fireChannelInactive()
    }

    // The continuations are called outside the lock: one that ends takes it again.
    private func announce() {
        let listeners = state.withLock { state in
            state.isGone = true
            defer { state.listeners = [:] }
            return state.listeners
        }
        for listener in listeners.values {
            listener.yield()
            listener.finish()
        }
    }
}
