import Archive
import AsyncAlgorithms
import Logging
import ServiceLifecycle

/// Removes, now and then, what nobody came back for: uploads that were not gone on with, and transcriptions whose client was never answered.
package struct UploadSweep: Service {
    private let archive: Archive
    private let interval: Duration

    /// - Parameter lifetime: How long an upload is kept while nothing comes; it stays a quarter longer at most, and never ten minutes.
    package init(archive: Archive, lifetime: Duration) {
        self.archive = archive
        interval = min(lifetime / 4, .seconds(600))
    }

    package func run() async throws {
        for await _ in AsyncTimerSequence(interval: interval, clock: .continuous).cancelOnGracefulShutdown() {
            do {
                try await archive.sweepUploads()
                try await archive.sweepProvisional()
            } catch {
                Logger.current.warning("What nobody came back for could not be removed", metadata: ["error": "\(error)"])
            }
        }
    }
}
