/// The retries, time limits and disk reserve of a download.
package struct DownloadLimits: Sendable, Hashable {
    /// The number of consecutive failures without a new byte after which a download gives up.
    package var attempts = 8
    /// The same while the hub was never reached, so that a missing network is reported soon.
    package var firstContacts = 3
    /// The pause after the first failure, doubled by each further one; the actual pause is a random part of it, from half to all.
    package var firstPause = Duration.seconds(1)
    /// The longest pause between two attempts, even if the hub asks for a longer one.
    package var longestPause = Duration.seconds(60)
    /// The time limit for a connection to the hub.
    package var connect = Duration.seconds(15)
    /// How long the hub may be silent before the connection is closed.
    package var stall = Duration.seconds(60)
    /// The interval at which the download of another process is polled.
    package var look = Duration.milliseconds(200)
    /// The bytes that must stay free on the disk.
    package var diskReserve: Int64 = 256 << 20

    package init() {}

    /// The pause after consecutive failures, at least as long as the hub asked for.
    func pause(afterFailures failures: Int, asked: Duration?) -> Duration {
        let doubled = firstPause * (1 << min(failures - 1, 16))
        let drawn = min(doubled, longestPause) * Double.random(in: 0.5...1)
        return min(max(drawn, asked ?? .zero), longestPause)
    }
}
