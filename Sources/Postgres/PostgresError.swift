import CPostgres

/// Why something could not be done with a database.
///
/// `description` may be shown and logged: it holds no value of any statement. `debugDescription` holds everything.
package struct PostgresError: Error, Sendable {
    /// What went wrong, in kinds.
    package enum Kind: Sendable, Hashable {
        /// The server refused a statement.
        case statement
        /// There is no server, it let no one in, or the connection to it broke.
        case connection
        /// A column holds something other than what the program reads it as.
        case decoding
        /// A value can't be sent, because PostgreSQL can hold no such value.
        case encoding
        /// The database's tables and the program's migrations don't fit together.
        case migration
        /// The private server could not be made, started or stopped.
        case cluster
    }

    /// What went wrong.
    package var kind: Kind
    /// The five-letter SQLSTATE, such as `23505`; nil when no server said anything.
    package var state: String?
    /// The constraint that a statement would have broken.
    package var constraint: String?
    /// The table that a statement met.
    package var table: String?
    /// What happened, which may quote values for ``Kind/statement`` and ``Kind/decoding``.
    package var message: String
    /// The server's detail, which quotes values.
    package var detail: String?
    /// The server's advice.
    package var hint: String?
    /// The text of the statement, its values left out.
    package var statement: String?

    package init(_ kind: Kind, state: String? = nil, message: String) {
        self.kind = kind
        self.state = state
        self.message = message
    }

    /// Whether the server gave the transaction up because it and another one were in each other's way, so that it may succeed when it is run
    /// again: a deadlock or a failure to put transactions into an order.
    package var isConflict: Bool { state == "40P01" || state == "40001" }

    /// Whether the connection was lost or never made, so that the same work may succeed on another one.
    package var isConnectionFailure: Bool {
        kind == .connection || state.map { $0.hasPrefix("08") || $0.hasPrefix("57P") } ?? false
    }
}

extension PostgresError {
    /// Reads what the server answered.
    init(result: OpaquePointer, statement: String) {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(UInt8(ascii: code))).map { String(cString: $0) }
        }
        self.init(.statement, state: field("C"), message: field("M") ?? String(cString: PQresultErrorMessage(result)).trimmed)
        if state == nil { kind = .connection }
        constraint = field("n")
        table = field("t")
        detail = field("D")
        hint = field("H")
        self.statement = statement
    }

    /// Reads what libpq says of a connection.
    static func connection(_ pointer: OpaquePointer?) -> PostgresError {
        PostgresError(.connection, message: pointer.map { String(cString: PQerrorMessage($0)).trimmed } ?? "out of memory")
    }

    /// Thrown by a statement of work that was cancelled; `Database` turns it into `CancellationError`.
    static var cancelled: PostgresError { PostgresError(.statement, state: "57014", message: "the work was cancelled") }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        switch kind {
        case .statement:
            "The database refused a statement (SQLSTATE \(state ?? "unknown")"
                + (constraint.map { ", constraint \($0)" } ?? "") + (table.map { ", table \($0)" } ?? "") + ")."
        case .encoding: "A value can't be stored in the database: \(message)."
        case .decoding: "The database holds a value that was not expected."
        case .connection: "No connection to the database: \(message)"
        case .migration, .cluster: message
        }
    }

    package var debugDescription: String {
        let parts: [(String, String?)] = [
            ("state", state), ("constraint", constraint), ("table", table), ("detail", detail), ("hint", hint), ("statement", statement),
        ]
        return "PostgresError.\(kind): \(message)" + parts.compactMap { name, value in value.map { "; \(name): \($0)" } }.joined()
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        let end = reversed().drop(while: \.isWhitespace)
        return String(String(end.reversed()).drop(while: \.isWhitespace))
    }
}
