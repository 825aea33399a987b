/// The progress of a download.
package struct DownloadProgress: Sendable, Hashable {
    /// The current phase.
    package enum Phase: String, Sendable, Hashable {
        /// Another download of the same model is running; the numbers are its progress.
        case waiting
        case downloading
        /// All bytes have arrived, and the checksum is computed.
        case checking
    }

    package var phase: Phase
    /// The received bytes; while checking, the checked bytes.
    package var bytes: Int64
    /// The bytes of the whole file; nil while they are unknown.
    package var total: Int64?
    /// The rate over the last seconds; nil while it is unknown.
    package var bytesPerSecond: Double?

    package init(phase: Phase, bytes: Int64, total: Int64?, bytesPerSecond: Double? = nil) {
        self.phase = phase
        self.bytes = bytes
        self.total = total
        self.bytesPerSecond = bytesPerSecond
    }

    /// The fraction from 0 to 1; nil while the total is unknown.
    package var fraction: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, Double(bytes) / Double(total))
    }

    /// The time left in seconds at the current rate; nil while it is unknown.
    package var secondsLeft: Double? {
        guard let total, let bytesPerSecond, bytesPerSecond > 0 else { return nil }
        return max(0, Double(total) - Double(bytes)) / bytesPerSecond
    }
}

/// Reports the progress of a download with its rate, at most five times a second.
actor ProgressMeter {
    private let report: @Sendable (DownloadProgress) async -> Void
    private var last: DownloadProgress?
    private var lastReport: ContinuousClock.Instant?
    private var samples: [(time: ContinuousClock.Instant, bytes: Int64)] = []

    private static let interval = Duration.milliseconds(200)
    /// The rate is the mean of this period: short enough to follow changes, long enough to be steady.
    private static let window = Duration.seconds(5)

    init(_ report: @escaping @Sendable (DownloadProgress) async -> Void) {
        self.report = report
    }

    /// Records a state and reports it if a report is due; a new phase and a finished one are always reported.
    func note(_ phase: DownloadProgress.Phase, bytes: Int64, total: Int64?) async {
        let now = ContinuousClock.now
        if last?.phase != phase || bytes < last?.bytes ?? 0 { samples = [] }
        let isDue = lastReport.map { now - $0 >= Self.interval } ?? true
        guard isDue || last?.phase != phase || bytes == total && last?.bytes != bytes else { return }
        samples.removeAll { now - $0.time > Self.window }
        samples.append((now, bytes))
        let progress = DownloadProgress(phase: phase, bytes: bytes, total: total, bytesPerSecond: rate(at: now, bytes: bytes))
        last = progress
        lastReport = now
        await report(progress)
    }

    private func rate(at now: ContinuousClock.Instant, bytes: Int64) -> Double? {
        guard let first = samples.first, now > first.time else { return nil }
        return (Double(bytes) - Double(first.bytes)) / ((now - first.time) / .seconds(1))
    }
}
