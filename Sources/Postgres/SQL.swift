/// An SQL statement whose interpolated values travel beside its text, as parameters.
///
///     try session.execute("UPDATE jobs SET state = \(state) WHERE id = \(id)")
package struct SQL: Sendable, Hashable, ExpressibleByStringInterpolation {
    private var pieces: [Piece]

    package init(stringLiteral value: String) {
        pieces = [.text(value)]
    }

    package init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
    }

    /// The statement as the server reads it, with `$1`, `$2`, … in place of its values.
    package var text: String {
        var text = ""
        var count = 0
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .value:
                count += 1
                text += "$\(count)"
            }
        }
        return text
    }

    /// The values, in the order of their numbers.
    package var parameters: [SQLParameter] {
        pieces.compactMap { piece in
            if case .value(let parameter) = piece { parameter } else { nil }
        }
    }

    /// Collects the text and the values of a statement.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        package mutating func appendLiteral(_ literal: String) {
            pieces.append(.text(literal))
        }

        /// Adds one value.
        package mutating func appendInterpolation(_ value: some PostgresEncodable) {
            pieces.append(.value(value.sqlParameter))
        }

        /// Adds one value, or NULL for nil.
        package mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            pieces.append(.value(value.sqlParameter))  // nil for NULL
        }

        /// Adds an array of values, for `= ANY(\(ids))` and `unnest(\(texts)::text[])`; `[UInt8]` is one `bytea`, not an array.
        package mutating func appendInterpolation<Element: PostgresEncodable>(_ values: [Element]) {
            pieces.append(.value(.array(values.map { $0.sqlParameter }, ofType: Element.postgresType)))
        }

        /// Adds another statement's text and values.
        package mutating func appendInterpolation(sql: SQL) {
            pieces += sql.pieces
        }

        /// Adds the name of a table, column, database or channel, quoted.
        package mutating func appendInterpolation(identifier: String) {
            pieces.append(.text(Self.quoted(identifier)))
        }

        /// Adds text to the statement unchanged; it must never come from a user.
        package mutating func appendInterpolation(unsafe text: String) {
            pieces.append(.text(text))
        }

        private static func quoted(_ identifier: String) -> String {
            "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        }
    }

    /// The statement without its values, by which the server's prepared statement is found.
    struct Shape: Hashable {
        let text: String
        let types: [PostgresType.RawValue]
    }

    fileprivate enum Piece: Sendable, Hashable {
        case text(String)
        case value(SQLParameter)
    }
}
