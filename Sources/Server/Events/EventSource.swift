import AsyncAlgorithms
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Something that a client follows: asked after each change, it tells what is new.
protocol EventSource: Sendable {
    /// What is new since the last call, or the first part of it.
    mutating func news() async throws -> [ServerSentEvent]

    /// Whether there is more news at once.
    var hasMore: Bool { get }

    /// Whether nothing more will come.
    var isOver: Bool { get }

    /// The id that a client is to come back with, where that may have grown without an event for it.
    var position: String? { get }
}

extension EventSource {
    var hasMore: Bool { false }
    var position: String? { nil }
}

extension Response {
    /// A stream of events that ends with its source, when the client goes away, or when the server shuts down.
    ///
    /// A client that reads slowly holds up its own stream alone: news are read when the client has taken the earlier ones.
    ///
    /// - Parameter changes: Yields once at the start and then when there may be news.
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
