import Basics
import Foundation
import Transcripts

/// A line on the terminal that tells how far a transcription is; silent when standard error is no terminal.
struct ProgressBar {
    /// The recording's length; nil as long as it is not known.
    var total: Timestamp?

    private let title: String
    private let started = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?

    /// A line that is shown at once.
    init?(title: String) {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        self.title = title
        show(.zero)
    }

    /// Shows a position in the recording, ten times a second at most.
    mutating func show(_ position: Timestamp) {
        let now = ContinuousClock.now
        if let lastShown, now - lastShown < .milliseconds(100) { return }
        lastShown = now
        FileHandle.standardError.write(Data("\r\u{1B}[2K\(line(at: position, after: now - started))".utf8))
    }

    /// Takes the line away.
    func clear() {
        FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8))
    }

    private func line(at position: Timestamp, after elapsed: Duration) -> String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let speed = seconds > 0 ? position.seconds / seconds : 0
        let speedText = speed > 0 ? String(format: "  %.1f× real time", speed) : ""
        guard let total, total > .zero else { return "\(title)  \(position.clockText)\(speedText)" }
        let fraction = min(1, position.seconds / total.seconds)
        let width = 24
        let filled = Int(clamping: fraction * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let remaining = speed > 0 ? "  \(Timestamp(seconds: (total.seconds - position.seconds) / speed).clockText) left" : ""
        return "\(title)  \(bar) \(Int(clamping: fraction * 100)) %\(speedText)\(remaining)"
    }
}

/// What the person at the terminal reads besides the result.
enum Terminal {
    /// Writes a line to standard error.
    static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
