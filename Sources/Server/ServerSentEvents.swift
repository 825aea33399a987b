import AsyncAlgorithms
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// One event of a stream (WHATWG HTML, 9.2).
struct ServerSentEvent: Sendable {
    var id: String?
    /// Left out where clients go by the data alone.
    var name: String?
    var data: String

    /// A comment line, which clients ignore; a client that has gone away is noticed by writing.
    static let heartbeat = ByteBuffer(string: ": \n\n")

    init(id: String? = nil, name: String? = nil, data: some Encodable) throws {
        self.id = id
        self.name = name
        self.data = String(decoding: try JSONEncoder.api.encode(data), as: UTF8.self)
    }

    var encoded: ByteBuffer {
        var text = ""
        if let id { text += "id: \(id)\n" }
        if let name { text += "event: \(name)\n" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { text += "data: \(line)\n" }
        return ByteBuffer(string: text + "\n")
    }
}

/// Something that a client follows: asked after each change, it tells what is new.
protocol EventSource: Sendable {
    /// What is new since the last call.
    mutating func news() async throws -> [ServerSentEvent]

    /// Whether nothing more will come.
    var isOver: Bool { get }
}

extension Response {
    /// A stream of events that ends with its source, when the client goes away, or when the server shuts down.
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
                        try await writer.write(ServerSentEvent.heartbeat)
                    case .change:
                        for event in try await source.news() { try await writer.write(event.encoded) }
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
