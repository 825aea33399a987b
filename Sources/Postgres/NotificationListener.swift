@preconcurrency import Dispatch
import Foundation
import Logging

/// What a listener hears.
package enum Notification: Sendable, Hashable {
    /// The listener hears from now on; what was notified before is lost to it, so read anew what matters.
    ///
    /// Comes first, and again whenever a lost connection was replaced.
    case reconnected
    /// Somebody notified a channel, with at most 8000 bytes.
    case posted(channel: String, payload: String)
}

/// Hears what other sessions NOTIFY, over a connection of its own that it replaces when it is lost.
package struct NotificationListener: Sendable {
    private let conninfo: String

    package init(_ conninfo: String) {
        self.conninfo = conninfo
    }

    /// Listens until the stream is dropped or its reader's task is cancelled; never ends by itself.
    package func notifications(on channels: [String]) -> AsyncStream<Notification> {
        let (stream, continuation) = AsyncStream.makeStream(of: Notification.self)
        let listening = Listening(conninfo: conninfo, channels: channels, continuation: continuation)
        continuation.onTermination = { _ in listening.stop() }
        listening.start()
        return stream
    }
}

/// One stream's connection and its life.
///
/// Unchecked because the compiler cannot see that everything that changes is touched on `queue` only.
private final class Listening: @unchecked Sendable {
    private static let shortestPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(5)

    private let settings: ConnectionSettings
    private let channels: [String]
    private let continuation: AsyncStream<Notification>.Continuation
    private let logger = Logger.current
    private let queue = DispatchQueue(label: "earshot.notifications")
    private var source: (any DispatchSourceRead)?
    private var pause = shortestPause
    private var isStopped = false

    init(conninfo: String, channels: [String], continuation: AsyncStream<Notification>.Continuation) {
        settings = ConnectionSettings(conninfo: conninfo, connectTimeout: .seconds(10), statementTimeout: nil)
        self.channels = channels
        self.continuation = continuation
    }

    func start() {
        queue.async { self.connect() }
    }

    func stop() {
        queue.async {
            self.isStopped = true
            self.source?.cancel()
        }
    }

    private func connect() {
        guard !isStopped else { return }
        do throws(PostgresError) {
            let connection = try Connection(settings)
            for channel in channels { _ = try connection.run("LISTEN \(identifier: channel)") }
            listen(on: connection)
        } catch {
            logger.warning("Can't listen for notifications", metadata: ["reason": "\(error)"])
            connectLater()
        }
    }

    private func listen(on connection: Connection) {
        // A descriptor of its own, because libpq closes the socket of a lost connection while the source still watches it.
        let descriptor = dup(connection.socket)
        guard descriptor >= 0 else { return connectLater() }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { self.read(connection) }
        source.setCancelHandler {
            close(descriptor)
            self.source = nil
            self.connectLater()
        }
        self.source = source
        source.activate()
        continuation.yield(.reconnected)
        read(connection)
    }

    private func read(_ connection: Connection) {
        guard let notifications = connection.takeNotifications() else {
            logger.warning("The connection for notifications was lost")
            source?.cancel()
            return
        }
        pause = Self.shortestPause
        for (channel, payload) in notifications { continuation.yield(.posted(channel: channel, payload: payload)) }
    }

    private func connectLater() {
        guard !isStopped else { return }
        let delay = pause
        pause = min(pause * 2, Self.longestPause)
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(delay.milliseconds))) { self.connect() }
    }
}
