/// The pauses between the starts of a process that dies again and again: each is twice as long as the one before, up to half a minute.
struct RestartPause {
    private static let first = Duration.milliseconds(500)
    private static let longest = Duration.seconds(30)
    /// How long a process runs to count as healthy, after which the pauses begin anew.
    private static let calm = Duration.seconds(60)

    private var next = Self.first

    /// The pause after a process that ran for this time.
    mutating func pause(afterRunning time: Duration) -> Duration {
        if time >= Self.calm { next = Self.first }
        defer { next = min(next * 2, Self.longest) }
        return next
    }
}
