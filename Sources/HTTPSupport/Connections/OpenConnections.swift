import NIOCore
import Synchronization

/// The open connections of a server, so that a server that stops can close those that do not end by themselves.
package final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    package init() {}

    /// The number of open connections.
    package var count: Int { state.withLock { $0.channels.count } }

    /// Adds a connection until it closes.
    func add(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isClosed
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }
        if isClosed { channel.close(promise: nil) }
    }

    /// Closes all connections, and from now on each new one.
    package func closeAll() {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
