import Hummingbird
import HummingbirdCore
import NIOCore

/// The limits of a server's connections.
package struct ConnectionSettings: Sendable {
    /// How many connections may be open at once.
    package var maximum: Int
    /// How long a client may take to send the head of a request, from its first byte.
    package var headLimit: Duration
    /// How long a client may send nothing during or between requests, or read nothing of an answer.
    package var longestSilence: Duration
    /// The server's open connections, for the one who stops it.
    package var open: OpenConnections

    /// Creates limits for one server; the defaults suit a system that runs on one machine.
    package init(
        maximum: Int = 1000,
        headLimit: Duration = .seconds(10),
        longestSilence: Duration = .seconds(60),
        open: OpenConnections = OpenConnections()
    ) {
        self.maximum = maximum
        self.headLimit = headLimit
        self.longestSilence = longestSilence
        self.open = open
    }
}

extension HTTPServerBuilder {
    /// An HTTP/1.1 server within these limits.
    package static func limited(_ settings: ConnectionSettings) -> HTTPServerBuilder {
        .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [
                    ConnectionWatch(),
                    ClientPace(headLimit: settings.headLimit, longestSilence: settings.longestSilence, open: settings.open),
                ],
                idleTimeout: TimeAmount(settings.longestSilence)
            )
        )
    }
}
