import Basics
import Foundation

/// How times, sizes, dates and states read on the pages.
enum Wording {
    /// Seconds as `2:03` or `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        let whole = seconds.isFinite ? Int(clamping: max(0, min(seconds, 1e9))) : 0
        let rest = twoDigits(whole % 60)
        guard whole >= 3600 else { return "\(whole / 60):\(rest)" }
        return "\(whole / 3600):\(twoDigits(whole / 60 % 60)):\(rest)"
    }

    /// Bytes as `142 MB`, in powers of ten.
    static func size(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1_000_000: "\(max(1, bytes / 1000)) kB"
        case ..<1_000_000_000: "\((bytes + 500_000) / 1_000_000) MB"
        default: "\(tenths(Double(bytes) / 1e9)) GB"
        }
    }

    /// A number with one digit after the point.
    static func tenths(_ number: Double) -> String {
        let tenths = Int(clamping: (number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// An ISO 8601 time as `22 Nov 2025, 16:30` in UTC; scripts turn it into the reader's own time.
    static func date(_ iso: String?) -> String? {
        guard let iso, let time = instant(iso) else { return iso }
        let style = Date.VerbatimFormatStyle(
            format: """
                \(day: .defaultDigits) \(month: .abbreviated) \(year: .defaultDigits), \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits) UTC
                """,
            locale: Locale(identifier: "en"),
            timeZone: .gmt,
            calendar: Calendar(identifier: .gregorian)
        )
        return time.formatted(style)
    }

    private static func instant(_ iso: String) -> Date? {
        let zoned = iso.hasSuffix("Z") || iso.dropFirst(10).contains(where: { "+-".contains($0) }) ? iso : iso + "Z"
        let styles = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        return styles.lazy.compactMap { try? Date(zoned, strategy: $0) }.first
    }

    /// The name of a file without its ending.
    static func title(of fileName: String?) -> String {
        guard let fileName, !fileName.isEmpty else { return "Untitled recording" }
        guard let point = fileName.lastIndex(of: "."), point != fileName.startIndex else { return fileName }
        let ending = fileName[point...].dropFirst()
        return (1...5).contains(ending.count) && ending.allSatisfy(\.isASCII) ? String(fileName[..<point]) : fileName
    }

    /// A fraction as whole percent from 0 to 100.
    static func percent(_ fraction: Double?) -> Int {
        Int(clamping: (max(0, min(fraction ?? 0, 1)) * 100).rounded(.down))
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    /// Why something was taken out of a transcript, in words for people.
    static func reason(ofRemoval code: String) -> String {
        switch code {
        case "silence": "too quiet for speech"
        case "no_speech": "probably nobody speaks"
        case "low_probability": "too unsure"
        case "repetition": "repeats itself"
        case "phantom_phrase": "models say this in silence"
        default: code.replacing("_", with: " ")
        }
    }
}
