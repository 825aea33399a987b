/// A moment in a recording, or a length of time, in whole milliseconds.
package struct Timestamp: Sendable, Hashable, Comparable, Codable {
    /// The distance from the start of the recording, in milliseconds.
    package var milliseconds: Int

    /// The start of a recording.
    package static let zero = Timestamp(milliseconds: 0)

    /// Later than the end of any recording. Sums with other times, and the number of its sample, stay in range.
    package static let distantFuture = Timestamp(milliseconds: .max / 32)

    package init(milliseconds: Int) {
        self.milliseconds = milliseconds
    }

    /// A time in seconds, rounded to the nearest millisecond; a value that does not fit becomes zero.
    package init(seconds: Double) {
        let milliseconds = (seconds * 1000).rounded()
        self.init(milliseconds: Int(exactly: milliseconds) ?? 0)
    }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    /// The time in seconds.
    package var seconds: Double { Double(milliseconds) / 1000 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// The sum, or the nearest end of the range; the difference below is limited in the same way.
    package static func + (left: Timestamp, right: Timestamp) -> Timestamp {
        Timestamp(milliseconds: clamped(left.milliseconds.addingReportingOverflow(right.milliseconds), isNegative: right.milliseconds < 0))
    }

    /// The time from the right one to the left one.
    package static func - (left: Timestamp, right: Timestamp) -> Timestamp {
        Timestamp(
            milliseconds: clamped(left.milliseconds.subtractingReportingOverflow(right.milliseconds), isNegative: right.milliseconds > 0)
        )
    }

    private static func clamped(_ result: (partialValue: Int, overflow: Bool), isNegative: Bool) -> Int {
        result.overflow ? (isNegative ? .min : .max) : result.partialValue
    }

    package static func += (left: inout Timestamp, right: Timestamp) { left = left + right }

    package static func -= (left: inout Timestamp, right: Timestamp) { left = left - right }
}

extension Timestamp: CustomStringConvertible {
    /// When a time's text shows hours.
    package enum Hours: Sendable {
        /// Two digits, also when they are "00".
        case always
        /// Only from one hour on.
        case whenNeeded
    }

    /// The time as captions show it, "00:01:02.345"; a time before the start shows as the start.
    package func text(hours: Hours = .always, separator: Character = ".") -> String {
        let total = max(0, milliseconds)
        let (hour, minute, second) = (total / 3_600_000, total / 60_000 % 60, total / 1000 % 60)
        let start = hours == .always || hour > 0 ? "\(Self.digits(hour, 2)):" : ""
        return "\(start)\(Self.digits(minute, 2)):\(Self.digits(second, 2))\(separator)\(Self.digits(total % 1000, 3))"
    }

    /// The time as a player shows it, "2:03" or "1:02:03", without parts of a second.
    package var clockText: String {
        let total = max(0, milliseconds) / 1000
        let (hour, minute, second) = (total / 3600, total / 60 % 60, Self.digits(total % 60, 2))
        return hour > 0 ? "\(hour):\(Self.digits(minute, 2)):\(second)" : "\(minute):\(second)"
    }

    /// The time as captions show it, for logs and test failures.
    package var description: String { text() }

    private static func digits(_ value: Int, _ count: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}

extension Timestamp {
    /// A place in a recording as people write it: seconds ("95.5"), or minutes or hours before them ("1:35.5", "0:01:35").
    ///
    /// Nil for anything else, for negative times, and for 1,000 hours or more.
    package init?(clockText: String) {
        let parts = clockText.replacing(",", with: ".").split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts.allSatisfy({ $0.first?.isNumber == true && !$0.contains(where: \.isLetter) }) else {
            return nil
        }
        var total = 0.0
        for (index, part) in parts.enumerated() {
            let isSeconds = index == parts.count - 1
            guard let number = isSeconds ? Double(part) : Int(part).map(Double.init), index == 0 || number < 60 else { return nil }
            total = total * 60 + number
        }
        guard total < 3_600_000 else { return nil }
        self.init(seconds: total)
    }
}
