import Basics
import Foundation
import Logging
import SystemPackage

/// An element of a listener's stream.
package enum PostgresNotification: Sendable, Hashable {
    /// The listener is connected; notifications from before are lost to it, so read anew what matters.
    ///
    /// The first element, and again whenever a lost connection was replaced.
    case reconnected
    /// A session notified a channel, with at most 8000 bytes.
    case posted(channel: String, payload: String)
}

/// Receives what other sessions NOTIFY, over a connection of its own that it replaces when it is lost.
package struct NotificationListener: Sendable {
    private let conninfo: String

    package init(_ conninfo: String) {
        self.conninfo = conninfo
    }

    /// Listens until the stream is dropped or its reader's task is cancelled.
    package func notifications(on channels: [String]) -> AsyncStream<PostgresNotification> {
        let (stream, continuation) = AsyncStream.makeStream(of: PostgresNotification.self)
        do {
            let (alarm, release) = try FileDescriptor.pipe()
            for end in [alarm, release] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
            continuation.onTermination = { _ in try? release.close() }
            let listening = Listening(conninfo: conninfo, channels: channels, continuation: continuation, alarm: alarm)
            Thread.detachNewThread { listening.run() }
        } catch {
            Logger.current.error("Can't listen for notifications", metadata: ["reason": "\(error)"])
            continuation.finish()
        }
        return stream
    }
}

/// The work behind one stream, on a thread of its own that sleeps while there are no notifications.
private struct Listening: Sendable {
    private static let shortestPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(5)
    /// How long the server may be silent before it is asked for a sign of life.
    private static let silence = Duration.seconds(30)

    private let conninfo: String
    private let channels: [String]
    private let continuation: AsyncStream<PostgresNotification>.Continuation
    /// A pipe whose other end is closed when the stream has no reader any more.
    private let alarm: FileDescriptor
    private let logger = Logger.current

    init(
        conninfo: String,
        channels: [String],
        continuation: AsyncStream<PostgresNotification>.Continuation,
        alarm: FileDescriptor
    ) {
        self.conninfo = conninfo
        self.channels = channels
        self.continuation = continuation
        self.alarm = alarm
    }

    func run() {
        var pause = Self.shortestPause
        while !isOver {
            do throws(PostgresError) {
                let connection = try Connection(conninfo, DatabaseLimits())
                for channel in channels { _ = try connection.run("LISTEN \(identifier: channel)") }
                pause = Self.shortestPause
                continuation.yield(.reconnected)
                try passOn(connection)
            } catch {
                logger.warning("Not listening for notifications", metadata: ["reason": "\(error)"])
            }
            _ = wait(for: nil, atMost: pause)
            pause = min(pause * 2, Self.longestPause)
        }
        try? alarm.close()
    }

    /// Passes notifications on until the stream ends; throws when the connection is lost.
    private func passOn(_ connection: Connection) throws(PostgresError) {
        while !isOver {
            let notifications = connection.takeNotifications()
            for (channel, payload) in notifications ?? [] { continuation.yield(.posted(channel: channel, payload: payload)) }
            guard notifications != nil else { throw PostgresError(.connection, message: "the server closed it") }
            if !wait(for: connection, atMost: Self.silence), !isOver, !connection.answers() {
                throw PostgresError(.connection, message: "the server does not answer")
            }
        }
    }

    private var isOver: Bool {
        var descriptor = pollfd(fd: alarm.rawValue, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    /// Sleeps until the server sends something or the stream ends; returns false when neither happened in time.
    private func wait(for connection: Connection?, atMost time: Duration) -> Bool {
        var descriptors = [
            pollfd(fd: alarm.rawValue, events: Int16(POLLIN), revents: 0),
            pollfd(fd: connection?.socket ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        return poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: time.milliseconds)) != 0
    }
}
