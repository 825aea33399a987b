import Foundation

/// A value that can be read from a column; an enum with raw values only declares it.
package protocol PostgresDecodable: Sendable {
    /// The value of a column's text form (nil for NULL), or nil when the text is not a value of this type.
    static func decode(_ text: String?) -> Self?
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    package static func decode(_ text: String?) -> Self? { RawValue.decode(text).flatMap(Self.init(rawValue:)) }
}

extension String: PostgresDecodable {
    package static func decode(_ text: String?) -> String? { text }
}

extension Int: PostgresDecodable {
    package static func decode(_ text: String?) -> Int? { text.flatMap { Int($0) } }
}

extension Int64: PostgresDecodable {
    package static func decode(_ text: String?) -> Int64? { text.flatMap { Int64($0) } }
}

extension Double: PostgresDecodable {
    package static func decode(_ text: String?) -> Double? { text.flatMap { Double($0) } }
}

extension Bool: PostgresDecodable {
    package static func decode(_ text: String?) -> Bool? {
        switch text {
        case "t": true
        case "f": false
        default: nil
        }
    }
}

extension UUID: PostgresDecodable {
    package static func decode(_ text: String?) -> UUID? { text.flatMap { UUID(uuidString: $0) } }
}

extension Date: PostgresDecodable {
    package static func decode(_ text: String?) -> Date? { text.flatMap { Date(postgresTimestamp: $0) } }
}

extension Array: PostgresDecodable where Element == UInt8 {
    package static func decode(_ text: String?) -> [UInt8]? {
        guard let text, text.hasPrefix("\\x") else { return nil }
        let digits = Array(text.utf8.dropFirst(2))
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = hexValue(digits[index]), let low = hexValue(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package static func decode(_ text: String?) -> Wrapped?? {
        guard let text else { return .some(nil) }
        return Wrapped.decode(text).map { .some($0) }
    }
}
