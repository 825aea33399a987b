import Archive
import AsyncAlgorithms
import Logging
import ServiceLifecycle

/// Throws old events away, a minute apart.
package struct EventTrimming: Service {
    private let archive: Archive
    private let kept: Int

    /// - Parameter kept: How many of the latest events are kept.
    package init(archive: Archive, kept: Int) {
        self.archive = archive
        self.kept = kept
    }

    /// Goes on until shut down.
    package func run() async throws {
        for await _ in AsyncTimerSequence(interval: .seconds(60), clock: .continuous).cancelOnGracefulShutdown() {
            do {
                try await archive.trimEvents(keeping: kept)
            } catch {
                Logger.current.warning("Old events could not be thrown away", metadata: ["error": "\(error)"])
            }
        }
    }
}
