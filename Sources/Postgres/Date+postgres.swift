import Basics
import Foundation

extension Date {
    /// The point in time as PostgreSQL writes it, in UTC and to the microsecond: `2026-03-01 09:30:00.250000+00`; nil
    /// for one that PostgreSQL can't hold.
    var postgresTimestamp: String? {
        guard (Self.earliest..<Self.latest).contains(timeIntervalSince1970) else { return nil }
        let microseconds = Int(clamping: (timeIntervalSince1970 * 1_000_000).rounded())
        let (second, fraction) = microseconds.dividedFlooring(by: 1_000_000)
        let (day, secondOfDay) = second.dividedFlooring(by: 86_400)
        let (year, month, dayOfMonth) = Self.civil(day)
        // PostgreSQL has no year 0: the year before 1 is 1 BC.
        let era = year > 0 ? "" : " BC"
        let date = "\(padded(year > 0 ? year : 1 - year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
        let time = "\(padded(secondOfDay / 3600, 2)):\(padded(secondOfDay / 60 % 60, 2)):\(padded(secondOfDay % 60, 2))"
        return "\(date) \(time).\(padded(fraction, 6))+00\(era)"
    }

    /// The beginning of the years 4713 BC and 294,244 AD, in seconds: within what a `timestamptz` and 64 bits can hold.
    private static let earliest = -210_863_520_000.0, latest = 9_223_300_000_000.0

    /// Reads what PostgreSQL writes for a `timestamptz` or `timestamp` (taken as UTC) in the years after Christ, or for a `date` (its midnight in UTC).
    init?(postgresTimestamp text: String) {
        var scanner = Scanner(rest: text.utf8[...])
        guard let year = scanner.number(), scanner.skip("-"), let month = scanner.number(), scanner.skip("-"), let day = scanner.number()
        else {
            return nil
        }
        var seconds = 0
        var microseconds = 0
        if scanner.skip(" ") {
            guard let time = scanner.clock() else { return nil }
            seconds = time
            if scanner.skip(".") {
                guard let fraction = scanner.fraction() else { return nil }
                microseconds = fraction
            }
            if scanner.skip("+") {
                guard let offset = scanner.clock() else { return nil }
                seconds -= offset
            } else if scanner.skip("-") {
                guard let offset = scanner.clock() else { return nil }
                seconds += offset
            }
        }
        guard scanner.rest.isEmpty else { return nil }
        // Each number has nine digits at most, so that only the last step can go beyond 64 bits.
        let whole = Self.days(year: year, month: month, day: day) * 86_400 + seconds
        let (product, overflows) = whole.multipliedReportingOverflow(by: 1_000_000)
        guard !overflows, product < .max - microseconds else { return nil }
        self.init(timeIntervalSince1970: Double(product + microseconds) / 1_000_000)
    }

    /// The proleptic Gregorian date of a number of days since 1970-01-01, by Howard Hinnant's algorithm.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (days + 719_468).dividedFlooring(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// The number of days from 1970-01-01 to a proleptic Gregorian date.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).dividedFlooring(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Takes the parts of a time stamp off the front of its text.
private struct Scanner {
    var rest: Substring.UTF8View

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number() -> Int? {
        let digits = digits()
        return (1...9).contains(digits.count) ? digits.reduce(0) { $0 * 10 + $1 } : nil
    }

    /// Hours, and minutes and seconds where they are given, in seconds.
    mutating func clock() -> Int? {
        guard let hours = number() else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where skip(":") {
            guard let value = number() else { return nil }
            seconds += value * unit
        }
        return seconds
    }

    /// The digits after a decimal point, in millionths.
    mutating func fraction() -> Int? {
        let digits = digits()
        guard !digits.isEmpty else { return nil }
        return (0..<6).reduce(0) { $0 * 10 + ($1 < digits.count ? digits[$1] : 0) }
    }

    private mutating func digits() -> [Int] {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits.map { Int($0 - UInt8(ascii: "0")) }
    }
}

extension Int {
    /// Quotient and remainder with a remainder that is never negative.
    fileprivate func dividedFlooring(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
