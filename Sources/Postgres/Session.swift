/// A connection for the time of one piece of work; every call blocks its thread until the server has answered.
package final class Session {
    private let connection: Connection
    private var lastSteps: [(Session) throws -> Void] = []

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Runs one statement and returns the number of rows that it wrote or found.
    @discardableResult
    package func execute(_ sql: SQL) throws(PostgresError) -> Int {
        try connection.run(sql).affectedRows
    }

    /// Runs several statements that are separated by semicolons, without parameters, as one transaction unless one is open already.
    package func execute(script: String) throws(PostgresError) {
        try connection.run(script: script)
    }

    /// Runs one statement and reads every row.
    package func rows<Row: PostgresRow>(_ sql: SQL, as type: Row.Type) throws -> [Row] {
        try connection.run(sql).readers.map { reader in
            var reader = reader
            let row = try Row(&reader)
            try reader.finish()
            return row
        }
    }

    /// Runs one statement and reads every row of a few columns:
    /// `for (id, name) in try session.rows("SELECT id, name …", as: (UUID, String?).self)`.
    package func rows<each Column: PostgresDecodable>(
        _ sql: SQL,
        as type: (repeat each Column).Type
    ) throws(PostgresError) -> [(repeat each Column)] {
        var rows: [(repeat each Column)] = []
        for var reader in try connection.run(sql).readers {
            rows.append((repeat try reader.next((each Column).self)))
            try reader.finish()
        }
        return rows
    }

    /// Runs one statement and reads its first row, nil when there is none.
    package func row<each Column: PostgresDecodable>(
        _ sql: SQL,
        as type: (repeat each Column).Type
    ) throws(PostgresError) -> (repeat each Column)? {
        try rows(sql, as: type).first
    }

    /// Runs one statement and reads every row's one column.
    package func rows<Column: PostgresDecodable>(_ sql: SQL, as type: Column.Type) throws(PostgresError) -> [Column] {
        var values: [Column] = []
        for var reader in try connection.run(sql).readers {
            values.append(try reader.next())
            try reader.finish()
        }
        return values
    }

    /// Runs one statement and reads the first row's one column, nil when there is no row.
    package func row<Column: PostgresDecodable>(_ sql: SQL, as type: Column.Type) throws(PostgresError) -> Column? {
        try rows(sql, as: type).first
    }

    /// Runs a step right before the transaction commits, after all its other work; at once where no transaction is open.
    ///
    /// For locks that many transactions want: held for so short a time, and taken after all others, they can't cause a deadlock.
    package func beforeCommit(_ step: @escaping (Session) throws -> Void) throws {
        guard isInTransaction else { return try step(self) }
        lastSteps.append(step)
    }

    /// Whether a transaction is open that can still be committed.
    var isInTransaction: Bool { connection.isInTransaction }

    /// How a transaction ended.
    enum Outcome<Value: Sendable>: Sendable {
        case committed(Value)
        /// The connection broke before the server had answered the COMMIT: only the server knows the outcome.
        case unanswered(Value, UnansweredCommit)
    }

    /// A transaction whose COMMIT was not answered.
    struct UnansweredCommit: Sendable {
        /// The server's number of the transaction.
        let number: String
        /// Why there was no answer.
        let cause: PostgresError
    }

    /// Runs the work between BEGIN and COMMIT, or ROLLBACK when it throws; throws the work's own error.
    func transaction<Value: Sendable>(_ work: (Session) throws -> Value) throws -> Outcome<Value> {
        // The server gives the number in the same round trip.
        let number = try connection.run(script: "BEGIN; SELECT pg_current_xact_id()::text").text(row: 0, column: 0)
        do {
            let value = try work(self)
            while !lastSteps.isEmpty { try lastSteps.removeFirst()(self) }
            do throws(PostgresError) {
                try commit()
                return .committed(value)
            } catch {
                guard error.isConnectionFailure else { throw error }
                return .unanswered(value, UnansweredCommit(number: number ?? "", cause: error))
            }
        } catch {
            connection.endTransaction()
            throw error
        }
    }

    /// Commits, which is not interrupted once it has begun, so that the outcome is known.
    private func commit() throws(PostgresError) {
        try connection.checkCancellation()
        let answer = try connection.run(script: "COMMIT", interruptible: false).command
        // The server replies ROLLBACK to the COMMIT of a transaction in which a statement has failed, and calls that a success.
        guard answer == "COMMIT" else {
            throw PostgresError(.statement, state: "25P02", message: "a statement of the transaction had failed; it was rolled back")
        }
    }
}

extension Reply {
    /// A reader of each row.
    fileprivate var readers: some Sequence<RowReader> { (0..<rowCount).lazy.map { RowReader(self, row: $0) } }
}
