import NIOCore
import Synchronization

/// Notices at once that a client has gone away, so that work on its behalf can end.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = Any

    private struct State {
        var isGone = false
        var nextID = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    /// Runs work and cancels it when the client's connection closes; throws `CancellationError` then.
    static func whileConnected<Value: Sendable>(
        _ channel: any Channel,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let watch = try await channel.pipeline.handler(type: ConnectionWatch.self).get()
        let (gone, id) = watch.listen()
        defer { watch.forget(id) }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in gone {}
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else { throw CancellationError() }
            return value
        }
    }

    /// A stream that ends when the client goes away, and a number to stop listening with.
    private func listen() -> (AsyncStream<Void>, Int) {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        return state.withLock { state in
            state.nextID += 1
            if state.isGone { continuation.finish() } else { state.listeners[state.nextID] = continuation }
            return (stream, state.nextID)
        }
    }

    private func forget(_ id: Int) {
        state.withLock { $0.listeners[id] = nil }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        // A client that has closed its side only could still read; but none sends a request and does so.
        if case .some(.inputClosed) = event as? ChannelEvent { announce() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        announce()
        context.fireChannelInactive()
    }

    private func announce() {
        let listeners = state.withLock { state in
            state.isGone = true
            defer { state.listeners = [:] }
            return state.listeners
        }
        for listener in listeners.values { listener.finish() }
    }
}
