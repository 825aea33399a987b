import Basics
import ModelLibrary
import Synchronization

/// The progress of a download or a check: one line that is replaced on an interactive terminal, and a line for every tenth in a log.
final class TransferBar: Sendable {
    private let title: String
    private let lastTenth = Mutex<(phase: DownloadProgress.Phase?, tenth: Int)>((nil, -1))

    init(title: String) {
        self.title = title
    }

    func show(_ progress: DownloadProgress) {
        if Terminal.isInteractive {
            Terminal.show(line(for: progress))
        } else if isNextTenth(progress) {
            Terminal.say(line(for: progress))
        }
    }

    func clear() { Terminal.clearLine() }

    private func isNextTenth(_ progress: DownloadProgress) -> Bool {
        let tenth = Int(clamping: (progress.fraction ?? 0) * 10)
        return lastTenth.withLock { last in
            guard last.phase != progress.phase || last.tenth != tenth else { return false }
            last = (progress.phase, tenth)
            return true
        }
    }

    private func line(for progress: DownloadProgress) -> String {
        var parts = [title]
        switch progress.phase {
        case .waiting: parts.append("downloaded by another process")
        case .downloading: break
        case .checking: parts.append("checking")
        }
        if let fraction = progress.fraction {
            if Terminal.isInteractive { parts.append(Terminal.bar(fraction)) }
            parts.append("\(Int(clamping: fraction * 100)) %")
        }
        parts.append(progress.total.map { "\(ByteCount.text(progress.bytes)) of \(ByteCount.text($0))" } ?? ByteCount.text(progress.bytes))
        if progress.phase != .checking {
            if let rate = progress.bytesPerSecond { parts.append("\(ByteCount.text(Int64(clamping: rate)))/s") }
            if let left = progress.secondsLeft { parts.append(Self.duration(left) + " left") }
        }
        return parts.joined(separator: "  ")
    }

    private static func duration(_ seconds: Double) -> String {
        let seconds = Int(clamping: seconds.rounded(.up))
        return seconds < 60 ? "\(seconds) s" : seconds < 3600 ? "\(seconds / 60) min" : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}
