/// How far a download is.
package struct DownloadProgress: Sendable, Hashable {
    /// What is being done.
    package enum Phase: String, Sendable, Hashable {
        /// Another process fetches the same model; the figures are its own.
        case waiting
        case downloading
        /// All bytes are here; now they are compared with the published checksum.
        case checking
    }

    package var phase: Phase
    /// The bytes that are here; while checking, those already checked.
    package var bytes: Int64
    /// The bytes of the whole file; nil as long as nobody said.
    package var total: Int64?
    /// Bytes per second over the last seconds; nil as long as it can't be told.
    package var bytesPerSecond: Double?

    /// A state of these figures.
    package init(phase: Phase, bytes: Int64, total: Int64?, bytesPerSecond: Double? = nil) {
        self.phase = phase
        self.bytes = bytes
        self.total = total
        self.bytesPerSecond = bytesPerSecond
    }

    /// The share that is done, 0 to 1; nil if the whole is not known.
    package var fraction: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, Double(bytes) / Double(total))
    }

    /// The time left in seconds at the present rate; nil if it can't be told.
    package var secondsLeft: Double? {
        guard let total, let bytesPerSecond, bytesPerSecond > 0 else { return nil }
        return max(0, Double(total) - Double(bytes)) / bytesPerSecond
    }
}

/// Tells how a download goes on, at most five times a second, with its rate.
actor ProgressMeter {
    private let report: @Sendable (DownloadProgress) async -> Void
    private var last: DownloadProgress?
    private var lastReport: ContinuousClock.Instant?
    private var samples: [(time: ContinuousClock.Instant, bytes: Int64)] = []

    /// Between two reports.
    private static let interval = Duration.milliseconds(200)
    /// The rate is the mean over so long: short enough to follow the line, long enough not to jump about.
    private static let window = Duration.seconds(5)

    init(_ report: @escaping @Sendable (DownloadProgress) async -> Void) {
        self.report = report
    }

    /// Notes a state, and reports it if it is due: a new phase and a finished one are always.
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
