import HummingbirdCore
import Logging

/// Stops accepting connections while the maximum is open. New ones wait in the system's queue until another closes.
package struct ConnectionCap: AvailableConnectionsDelegate {
    private static let warningInterval = Duration.seconds(60)

    private let maximum: Int
    private let logger: Logger
    private var count = 0
    private var lastWarning: ContinuousClock.Instant?

    package init(_ maximum: Int, logger: Logger) {
        self.maximum = maximum
        self.logger = logger
    }

    package mutating func connectionOpened() {
        count += 1
        guard count >= maximum, lastWarning.map({ .now - $0 > Self.warningInterval }) ?? true else { return }
        lastWarning = .now
        logger.warning("No more connections: new clients wait until others leave", metadata: ["MAX_CONNECTIONS": "\(maximum)"])
    }

    package mutating func connectionClosed() { count -= 1 }

    package func isAcceptingNewConnections() -> Bool { count < maximum }
}
