import Basics
import Foundation
import ModelLibrary
import Synchronization

/// How far a download or a check is: a line that is drawn anew on a terminal, and a line for every tenth in a log.
final class TransferBar: Sendable {
    private let title: String
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let lastTenth = Mutex<(phase: DownloadProgress.Phase?, tenth: Int)>((nil, -1))

    init(title: String) {
        self.title = title
    }

    /// Shows a state.
    func show(_ progress: DownloadProgress) {
        if isTerminal {
            FileHandle.standardError.write(Data("\r\u{1B}[2K\(line(for: progress))".utf8))
        } else if isNews(progress) {
            Terminal.say(line(for: progress))
        }
    }

    /// Takes the line away.
    func clear() {
        if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8)) }
    }

    private func isNews(_ progress: DownloadProgress) -> Bool {
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
            if isTerminal {
                let filled = Int(clamping: fraction * 24)
                parts.append(String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled))
            }
            parts.append("\(Int(clamping: fraction * 100)) %")
        }
        parts.append(progress.total.map { "\(ByteCount.text(progress.bytes)) of \(ByteCount.text($0))" } ?? ByteCount.text(progress.bytes))
        if let rate = progress.bytesPerSecond, progress.phase != .checking { parts.append("\(ByteCount.text(Int64(clamping: rate)))/s") }
        if let left = progress.secondsLeft, progress.phase != .checking { parts.append(Self.duration(left) + " left") }
        return parts.joined(separator: "  ")
    }

    private static func duration(_ seconds: Double) -> String {
        let seconds = Int(clamping: seconds.rounded(.up))
        return seconds < 60 ? "\(seconds) s" : seconds < 3600 ? "\(seconds / 60) min" : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}

/// How far some work is: a line that is drawn anew on a terminal, and nothing elsewhere.
final class FractionBar: Sendable {
    private let title: String
    private let isTerminal = isatty(STDERR_FILENO) == 1

    init(title: String) {
        self.title = title
    }

    /// Shows the part that is done, 0 to 1.
    func show(_ fraction: Double) {
        guard isTerminal else { return }
        let filled = Int(clamping: max(0, min(1, fraction)) * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        FileHandle.standardError.write(Data("\r\u{1B}[2K\(title)  \(bar) \(Int(clamping: fraction * 100)) %".utf8))
    }

    /// Takes the line away.
    func clear() {
        if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8)) }
    }
}

/// Numbers of bytes for people, in powers of ten.
enum ByteCount {
    /// "142 MB"; "3.1 GB".
    static func text(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1000: "\(bytes) B"
        case ..<1_000_000: "\(bytes / 1000) kB"
        case ..<1_000_000_000: "\(bytes / 1_000_000) MB"
        default: String(format: "%.1f GB", Double(bytes) / 1e9)
        }
    }
}
