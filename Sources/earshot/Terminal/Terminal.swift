import Basics
import Foundation

/// Standard error, where commands write what is not their result.
enum Terminal {
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// Writes a line.
    static func say(_ text: String) { write(text + "\n") }

    /// Replaces the current line of an interactive terminal.
    static func show(_ line: String) {
        if isInteractive { write("\r\u{1B}[2K\(line)") }
    }

    /// Clears the current line of an interactive terminal.
    static func clearLine() { show("") }

    /// A bar that shows a fraction from 0 to 1.
    static func bar(_ fraction: Double) -> String {
        let width = 24
        let filled = Int(clamping: max(0, min(1, fraction)) * Double(width))
        return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    }

    private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
