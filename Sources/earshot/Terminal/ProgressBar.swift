import Basics
import Foundation
import Transcripts

/// The progress of a transcription, on an interactive terminal only.
struct ProgressBar {
    /// The length of what is transcribed; nil until it is known.
    var total: Timestamp?

    private let title: String
    private let started = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?

    /// Shows the beginning; nil if standard error is no terminal.
    init?(title: String) {
        guard Terminal.isInteractive else { return nil }
        self.title = title
        show(.zero)
    }

    /// Shows a position in the recording, at most ten times a second.
    mutating func show(_ position: Timestamp) {
        let now = ContinuousClock.now
        if let lastShown, now - lastShown < .milliseconds(100) { return }
        lastShown = now
        Terminal.show(line(at: position, after: (now - started).seconds))
    }

    func clear() { Terminal.clearLine() }

    private func line(at position: Timestamp, after seconds: Double) -> String {
        let speed = seconds > 0 ? position.seconds / seconds : 0
        let speedText = speed > 0 ? String(format: "  %.1f× real time", speed) : ""
        guard let total, total > .zero else { return "\(title)  \(position.clockText)\(speedText)" }
        let fraction = min(1, position.seconds / total.seconds)
        let remaining = speed > 0 ? "  \(Timestamp(seconds: (total.seconds - position.seconds) / speed).clockText) left" : ""
        return "\(title)  \(Terminal.bar(fraction)) \(Int(clamping: fraction * 100)) %\(speedText)\(remaining)"
    }
}
