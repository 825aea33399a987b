import Basics

/// The progress of some work, on an interactive terminal only.
struct FractionBar: Sendable {
    let title: String

    /// Shows a fraction from 0 to 1.
    func show(_ fraction: Double) {
        Terminal.show("\(title)  \(Terminal.bar(fraction)) \(Int(clamping: max(0, min(1, fraction)) * 100)) %")
    }

    func clear() { Terminal.clearLine() }
}
