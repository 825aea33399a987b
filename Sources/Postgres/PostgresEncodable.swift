import CPostgres
import Foundation

/// A value on its way to the server: PostgreSQL's text form, nil for NULL, and the type it is sent as.
package struct SQLParameter: Sendable, Hashable {
    let text: String?
    let type: PostgresType
    /// Why the value can't be sent; nil if it can.
    var fault: String?

    /// An array in PostgreSQL's text form, such as `{"a","b",NULL}`.
    static func array(_ elements: [SQLParameter], ofType type: PostgresType) -> SQLParameter {
        let (quote, escape) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        var text = Array("{".utf8)
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            guard let element = element.text else {
                text += "NULL".utf8
                continue
            }
            text.append(quote)
            for byte in element.utf8 {
                if byte == quote || byte == escape { text.append(escape) }
                text.append(byte)
            }
            text.append(quote)
        }
        text.append(UInt8(ascii: "}"))
        let fault = elements.lazy.compactMap(\.fault).first
        return SQLParameter(text: String(decoding: text, as: UTF8.self), type: type.array, fault: fault)
    }
}

/// The type a parameter is declared with, by the object identifiers that are the same in all versions of PostgreSQL.
package enum PostgresType: Oid, Sendable {
    /// The server infers the type from the context, as it does for a quoted literal.
    case unspecified = 0
    case bool = 16, bytea = 17, int8 = 20, float8 = 701, timestamptz = 1184, uuid = 2950
    case boolArray = 1000, byteaArray = 1001, int8Array = 1016, float8Array = 1022, timestamptzArray = 1185, uuidArray = 2951

    fileprivate var array: PostgresType {
        switch self {
        case .bool: .boolArray
        case .bytea: .byteaArray
        case .int8: .int8Array
        case .float8: .float8Array
        case .timestamptz: .timestamptzArray
        case .uuid: .uuidArray
        default: .unspecified
        }
    }
}

/// A value that can be interpolated into an ``SQL`` statement; an enum with raw values only declares it.
package protocol PostgresEncodable: Sendable {
    /// The type it is sent as.
    static var postgresType: PostgresType { get }

    /// PostgreSQL's text form, nil for NULL.
    var postgresText: String? { get }

    /// Why PostgreSQL can hold no such value; nil if it can. A statement with such a value throws ``PostgresError/Kind/encoding``.
    var postgresFault: String? { get }
}

extension PostgresEncodable {
    package var postgresFault: String? { nil }

    /// The value as a parameter of a statement.
    var sqlParameter: SQLParameter { SQLParameter(text: postgresText, type: Self.postgresType, fault: postgresFault) }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    /// The type of the raw value.
    package static var postgresType: PostgresType { RawValue.postgresType }

    /// The raw value's text form.
    package var postgresText: String? { rawValue.postgresText }
}

/// Text, and any value in its text form: the server converts it to the column's type, such as `jsonb`, `inet` or an enum.
extension String: PostgresEncodable {
    package static var postgresType: PostgresType { .unspecified }
    package var postgresText: String? { self }
}

extension Int: PostgresEncodable {
    package static var postgresType: PostgresType { .int8 }
    package var postgresText: String? { description }
}

extension Int64: PostgresEncodable {
    package static var postgresType: PostgresType { .int8 }
    package var postgresText: String? { description }
}

extension Double: PostgresEncodable {
    package static var postgresType: PostgresType { .float8 }
    package var postgresText: String? { description }
}

extension Bool: PostgresEncodable {
    package static var postgresType: PostgresType { .bool }
    package var postgresText: String? { self ? "t" : "f" }
}

extension UUID: PostgresEncodable {
    package static var postgresType: PostgresType { .uuid }
    package var postgresText: String? { uuidString }
}

/// A point in time, `timestamptz`, to the microsecond.
extension Date: PostgresEncodable {
    package static var postgresType: PostgresType { .timestamptz }
    package var postgresText: String? { postgresTimestamp }
    package var postgresFault: String? { postgresTimestamp == nil ? "a date is beyond what PostgreSQL can hold" : nil }
}

/// Bytes, `bytea`.
extension Array: PostgresEncodable where Element == UInt8 {
    package static var postgresType: PostgresType { .bytea }

    package var postgresText: String? {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = Array("\\x".utf8)
        text.reserveCapacity(2 + 2 * count)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    package static var postgresType: PostgresType { Wrapped.postgresType }
    // No key paths: in generic code each use makes a new one, which takes microseconds, and texts have hundreds of thousands of values.
    package var postgresText: String? { flatMap { $0.postgresText } }
    package var postgresFault: String? { flatMap { $0.postgresFault } }
}
