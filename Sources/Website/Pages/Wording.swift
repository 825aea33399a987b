import Basics
import Foundation
import Transcripts

/// How times, dates, names and reasons are written on the pages.
enum Wording {
    /// Seconds as `2:03` or `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        Timestamp(seconds: seconds).clockText
    }

    /// The English name of a language, or its code if it is unknown.
    static func language(_ code: String) -> String {
        Language(code: code)?.englishName ?? code
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

    /// The name of a file without its extension.
    static func title(of fileName: String?) -> String {
        guard let fileName, !fileName.isEmpty else { return "Untitled recording" }
        guard let point = fileName.lastIndex(of: "."), point != fileName.startIndex else { return fileName }
        let kind = fileName[point...].dropFirst()
        return (1...5).contains(kind.count) && kind.allSatisfy(\.isASCII) ? String(fileName[..<point]) : fileName
    }

    /// A fraction as whole percent from 0 to 100.
    static func percent(_ fraction: Double?) -> Int {
        Int(clamping: (max(0, min(fraction ?? 0, 1)) * 100).rounded(.down))
    }

    /// A sentence about a file that could only be read in part.
    static func damage(_ damage: DamageResource) -> String {
        """
        The file is damaged, and was read up to \(clock(damage.readSeconds)). The text may lack what was said in the damaged parts. \
        The decoder reports: \(damage.message)
        """
    }

    /// The reason of a removal, in words for people.
    static func reason(ofRemoval code: String) -> String {
        switch code {
        case "silence": "too quiet for speech"
        case "no_speech": "probably no speech"
        case "low_probability": "too uncertain"
        case "repetition": "repeated text"
        case "phantom_phrase": "models invent this phrase in silence"
        default: code.replacing("_", with: " ")
        }
    }
}
