import CPostgres

/// An error of the database or of the connection to it.
///
/// `description` and `debugDescription` may be shown and logged: they hold no value of any statement.
package struct PostgresError: Error, Sendable {
    /// The kinds of errors.
    package enum Kind: Sendable, Hashable {
        /// The server refused a statement.
        case statement
        /// The server is unreachable, refused the connection, or the connection broke.
        case connection
        /// The connection broke during a COMMIT, and the server could not be asked for the outcome: the transaction may have been committed.
        case unanswered
        /// All connections were in use for too long, or too much work waits for one already.
        case exhausted
        /// A column holds another type than the program reads.
        case decoding
        /// PostgreSQL has no such value, so that the statement was not sent.
        case encoding
        /// The database's schema and the program's migrations do not match.
        case migration
        /// The private server could not be created, started or stopped.
        case cluster
    }

    package var kind: Kind
    /// The five-letter SQLSTATE, such as `23505`; nil when the error is not from the server.
    package var state: String?
    /// The constraint that a statement violated.
    package var constraint: String?
    /// The table of the statement.
    package var table: String?
    /// A sentence, which may quote values for ``Kind/statement``.
    package var message: String
    /// The server's detail, which quotes values.
    package var detail: String?
    /// The server's advice.
    package var hint: String?
    /// The text of the statement, without its values.
    package var statement: String?

    package init(_ kind: Kind, state: String? = nil, message: String) {
        self.kind = kind
        self.state = state
        self.message = message
    }

    /// Whether the server aborted the transaction because of a conflict with another one, so that it may succeed when it is run again: a
    /// deadlock or a serialization failure.
    package var isConflict: Bool { state == "40P01" || state == "40001" }

    /// Whether the connection was lost or never made, so that the same work may succeed on another one.
    package var isConnectionFailure: Bool {
        kind == .connection || kind == .unanswered || state.map { $0.hasPrefix("08") || $0.hasPrefix("57P") } ?? false
    }
}

extension PostgresError {
    /// Whether the work took, or waited, longer than it may: for a connection, for a lock, or in its transaction. Later it may succeed.
    package var isTimeout: Bool {
        kind == .exhausted || ["57014", "55P03", "25P03"].contains(state)
    }

    /// Reads the server's reply.
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

    /// Reads libpq's message about a connection.
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
        case .encoding: "The database cannot store a value: \(message)."
        case .decoding: "The database holds an unexpected value: \(message)."
        case .connection: "No connection to the database: \(message)"
        case .unanswered: "The connection to the database broke before a change was confirmed: \(message)"
        case .exhausted: "No free connection to the database: \(message)."
        case .migration, .cluster: message
        }
    }

    /// Also what an error shows that holds this one.
    package var debugDescription: String { description + (statement.map { " Statement: \($0)" } ?? "") }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        let end = reversed().drop(while: \.isWhitespace)
        return String(String(end.reversed()).drop(while: \.isWhitespace))
    }
}
