import Foundation

/// Values at which programs break: the ends of types and ranges, and texts that only look like a number or a date.
///
/// They are written as in a query, a header or a form; ``json(of:)`` writes them as in JSON.
package enum EdgeValues {
    /// Whole numbers around zero and around the ends of the types that hold them.
    package static let integers = [
        "-9223372036854775809", "-9223372036854775808", "-2147483649", "-1", "-0", "0", "2147483647", "2147483648", "4294967296",
        "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551616",
    ]

    /// Numbers that are no whole number, or too large for one.
    package static let numbers = ["1e300", "-1e300", "1e999", "9.3e18", "1e-320", "0.5", "nan", "-inf", "Infinity", "0x7f", "1_000"]

    /// Dates around the first and the last year that has four digits, and far beyond.
    package static let dates = [
        "0000-01-01", "0000-12-31T23:59:59.999999Z", "0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31", "9999-12-31T23:59:59.999999Z",
        "9999-12-31T23:59:59-14:00", "10000-01-01", "292278-01-01T00:00:00Z", "300000-01-01", "999999-12-31T23:59:59Z",
        "99999999999-01-01T00:00:00Z",
        "-0001-01-01", "-292278-01-01", "-300000-01-01", "2026-02-30", "2026-13-45T99:99:99Z", "2026-03-01T09:30:00+99:99",
    ]

    /// Texts: empty, with NUL, with invisible characters, and very long.
    package static let texts = [
        "", "a\u{0}b", "\u{202E}\u{FEFF}\u{10FFFF}", String(repeating: "9", count: 5000), String(repeating: "é", count: 9000),
    ]

    /// The edge values of a schema, each once.
    ///
    /// - Parameters:
    ///   - example: A typical value. Each number in it is replaced by edge values.
    ///   - isShort: Whether a few values are enough, because the same schema is tried in full elsewhere.
    package static func values(of schema: JSONValue, example: String?, isShort: Bool = false) -> [String] {
        let types = Set(schema["type"]?.list?.compactMap(\.text) ?? [schema["type"]?.text ?? "string"])
        var values: [String] = []
        if let words = schema["enum"]?.list { values += words.compactMap(\.text) }
        if types.contains("boolean") { values += ["true", "false", "2", "-1"] }
        if !types.isDisjoint(with: ["integer", "number"]) {
            for limit in ["minimum", "maximum"].compactMap({ schema[$0]?.number }) {
                values += [limit - 1, limit, limit + 1].map { $0 == $0.rounded() ? String(format: "%.0f", $0) : "\($0)" }
            }
            values += isShort ? ["-1", "9223372036854775808"] : integers + numbers
        } else if let example, !isShort {
            values += shaped(like: example)
            if example.wholeMatch(of: /\d{4}-\d\d-\d\d.*/) != nil { values += dates }
        }
        values += isShort ? ["1e999", texts[1]] : ["-1", "9223372036854775808", "1e999", "nan"] + texts
        var seen: Set<String> = []
        return values.filter { seen.insert($0).inserted }
    }

    /// A text with each of its numbers in turn replaced by edge values: "bytes=0-1023" gives "bytes=9223372036854775808-1023".
    package static func shaped(like example: String) -> [String] {
        example.ranges(of: /[0-9]+/).prefix(4).flatMap { range in
            ["-1", "0", "2147483648", "9223372036854775807", "18446744073709551616"].map {
                example.replacingCharacters(in: range, with: $0)
            }
        }
    }

    /// The ways to write a value in JSON: as a number if it is one, and as a text.
    package static func json(of value: String) -> [String] {
        let text = (try? JSONEncoder().encode([value])).map { String(decoding: $0.dropFirst().dropLast(), as: UTF8.self) } ?? "\"\""
        let isNumber = value.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?(e-?[0-9]+)?/) != nil && value.count < 1000
        return isNumber ? [value, text] : [text]
    }

    /// JSON values that are unexpected for almost every schema.
    package static let oddities = ["null", "[]", "{}", "\"\\ud800\"", String(repeating: "[", count: 2000)]
}
