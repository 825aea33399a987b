import ServiceLifecycle
import Synchronization

/// How long the servers of a process may take to finish their answers when the process stops. All of them share one deadline.
package final class Drain: Sendable {
    private let limit: Duration
    private let deadline = Mutex<ContinuousClock.Instant?>(nil)

    package init(limit: Duration) {
        self.limit = limit
    }

    /// Runs a server. When it is told to stop, it finishes its answers until the deadline; then its connections are closed.
    package func run(_ server: any Service, closing connections: OpenConnections) async throws {
        async let _: Void = closeAtDeadline(connections)
        // When the server has ended, the wait is canceled.
        try await server.run()
    }

    private func closeAtDeadline(_ connections: OpenConnections) async {
        do {
            try await gracefulShutdown()
            let end = deadline.withLock { deadline in
                let end = deadline ?? .now + limit
                deadline = end
                return end
            }
            try await Task.sleep(until: end)
            connections.closeAll()
        } catch {
            // The server has ended.
        }
    }
}
