import AsyncAlgorithms
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// The events of a stream: after each change, it returns the new ones.
protocol EventSource: Sendable {
    /// The events since the last call, or the first part of them.
    mutating func news() async throws -> [ServerSentEvent]

    /// Whether more events can be read at once.
    var hasMore: Bool { get }

    /// Whether the stream has ended.
    var isOver: Bool { get }

    /// The id with which a client should reconnect, if that can grow without an event for the client.
    var position: String? { get }
}

extension EventSource {
    var hasMore: Bool { false }
    var position: String? { nil }
}

extension Response {
    /// A stream of events that ends with its source, when the client disconnects, or when the server shuts down.
    ///
    /// A slow client delays only its own stream: events are read when the client has taken the earlier ones.
    ///
    /// - Parameter changes: Yields at the start and then whenever there may be new events.
    static func events(
        on changes: some AsyncSequence<Void, Never> & Sendable,
        from source: some EventSource
    ) -> Response {
        var response = Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                var source = source
                let heartbeats = AsyncTimerSequence(interval: .seconds(15), clock: .continuous).map { _ in WakeUp.heartbeat }
                for try await wakeUp in merge(changes.map { WakeUp.change }, heartbeats).cancelOnGracefulShutdown() {
                    switch wakeUp {
                    case .heartbeat:
                        try await writer.write(ServerSentEvent.heartbeat(position: source.position))
                    case .change:
                        repeat {
                            for event in try await source.news() { try await writer.write(event.encoded) }
                        } while source.hasMore && !source.isOver
                        if source.isOver { return try await writer.finish(nil) }
                    }
                }
                try await writer.finish(nil)
            }
        )
        // Asks nginx, which buffers by default, to pass events on at once.
        if let buffering = HTTPField.Name("X-Accel-Buffering") { response.headers[buffering] = "no" }
        return response
    }
}

private enum WakeUp: Sendable {
    case change
    case heartbeat
}
