import Basics
import NIOCore
import Synchronization

/// Notices that a client has disconnected, and ends work on its behalf. A server puts one into the pipeline of each connection.
package final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    package typealias InboundIn = Any

    private let gone = Atomic(false)
    private let departures = Broadcast<OneTopic, Void>()

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
                for await _ in departure { break }
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else { throw CancellationError() }
            return value
        }
    }

    /// Whether the client has disconnected.
    package var isGone: Bool { gone.load(ordering: .acquiring) }

    /// Yields when the client disconnects, or at once if it has already.
    package func departure() -> AsyncStream<Void> {
        let departure = departures.subscribe(buffering: .bufferingNewest(1))
        // If the client disconnected before the subscription, that was not received.
        if isGone { departures.send(()) }
        return departure
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        announce()
        // A browser that closes an event stream sends nothing but an end of input; without this, only the second write would fail.
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        announce()
        context.fireChannelInactive()
    }

    private func announce() {
        gone.store(true, ordering: .releasing)
        departures.send(())
    }
}
