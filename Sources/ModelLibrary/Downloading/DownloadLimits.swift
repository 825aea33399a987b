/// How patient a download is, and what it leaves free.
package struct DownloadLimits: Sendable, Hashable {
    /// Failures in a row, without a new byte between them, after which a download gives up.
    package var attempts = 8
    /// The same as long as the hub was never reached: somebody without a network shall not wait for that news.
    package var firstContacts = 3
    /// The pause after the first failure; each further one doubles it. The true pause is drawn between half of it and all of it.
    package var firstPause = Duration.seconds(1)
    /// The longest pause between two attempts, also if the hub asks for a longer one.
    package var longestPause = Duration.seconds(60)
    /// How long the hub may take to accept a connection.
    package var connect = Duration.seconds(15)
    /// How long the hub may say nothing before the connection is given up as dead.
    package var stall = Duration.seconds(60)
    /// How often somebody who waits for another process's download looks at it.
    package var look = Duration.milliseconds(200)
    /// The bytes that must stay free on the disk beside the model.
    package var diskReserve: Int64 = 256 << 20

    /// The usual limits.
    package init() {}

    /// The pause after so many failures in a row, at least as long as the hub asked for.
    func pause(afterFailures failures: Int, asked: Duration?) -> Duration {
        let doubled = firstPause * (1 << min(failures - 1, 16))
        let drawn = min(doubled, longestPause) * Double.random(in: 0.5...1)
        return min(max(drawn, asked ?? .zero), longestPause)
    }
}
