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

    /// Runs one statement and reads every row: `for (id, name) in try session.rows("SELECT id, name …", as: (UUID, String?).self)`.
    package func rows<each Column: PostgresDecodable>(
        _ sql: SQL,
        as type: (repeat each Column).Type
    ) throws(PostgresError) -> [(repeat each Column)] {
        let reply = try connection.run(sql)
        var rows: [(repeat each Column)] = []
        rows.reserveCapacity(reply.rowCount)
        for row in 0..<reply.rowCount { rows.append(try reply.decode(row: row, as: type)) }
        return rows
    }

    /// Runs one statement and reads its first row, nil when there is none.
    package func row<each Column: PostgresDecodable>(
        _ sql: SQL,
        as type: (repeat each Column).Type
    ) throws(PostgresError) -> (repeat each Column)? {
        let reply = try connection.run(sql)
        guard reply.rowCount > 0 else { return Optional<(repeat each Column)>.none }
        let row: (repeat each Column) = try reply.decode(row: 0, as: type)
        return row
    }

    /// Runs one statement and reads every row's one column.
    package func rows<Column: PostgresDecodable>(_ sql: SQL, as type: Column.Type) throws(PostgresError) -> [Column] {
        let reply = try connection.run(sql)
        try reply.expect(columns: 1)
        var rows: [Column] = []
        rows.reserveCapacity(reply.rowCount)
        for row in 0..<reply.rowCount { rows.append(try reply.value(type, row: row, column: 0)) }
        return rows
    }

    /// Runs one statement and reads the first row's one column, nil when there is no row.
    package func row<Column: PostgresDecodable>(_ sql: SQL, as type: Column.Type) throws(PostgresError) -> Column? {
        let reply = try connection.run(sql)
        try reply.expect(columns: 1)
        return reply.rowCount == 0 ? nil : try reply.value(type, row: 0, column: 0)
    }

    /// Has something done when all else in the transaction is done, right before it commits; at once where no transaction is open.
    ///
    /// For locks that many transactions want: held for so short a time, and taken after all others, they can't make a deadlock.
    package func beforeCommit(_ step: @escaping (Session) throws -> Void) throws {
        guard isInTransaction else { return try step(self) }
        lastSteps.append(step)
    }

    /// Whether a transaction is open that can still be committed.
    var isInTransaction: Bool { connection.isInTransaction }

    /// Runs the work between BEGIN and COMMIT, or ROLLBACK when it throws; the work's own error is the one that comes out.
    func transaction<Value>(_ work: (Session) throws -> Value) throws -> Value {
        try connection.run(script: "BEGIN")
        do {
            let value = try work(self)
            while !lastSteps.isEmpty { try lastSteps.removeFirst()(self) }
            try commit()
            return value
        } catch {
            connection.endTransaction()
            throw error
        }
    }

    /// Commits, which is not interrupted once it has begun: whoever waits for it then knows how it ended.
    private func commit() throws(PostgresError) {
        try connection.checkCancellation()
        let answer = try connection.run(script: "COMMIT", interruptible: false).command
        // To the COMMIT of a transaction in which a statement has failed the server answers ROLLBACK, and calls that a success.
        guard answer == "COMMIT" else {
            throw PostgresError(.statement, state: "25P02", message: "a statement of the transaction had failed; it was rolled back")
        }
    }
}

extension Reply {
    /// One row as a tuple.
    fileprivate borrowing func decode<each Column: PostgresDecodable>(
        row: Int,
        as type: (repeat each Column).Type
    ) throws(PostgresError) -> (repeat each Column) {
        var count = 0
        for _ in repeat (each Column).self { count += 1 }
        try expect(columns: count)
        var column = -1
        return (repeat try value((each Column).self, row: row, after: &column))
    }

    private borrowing func value<Value: PostgresDecodable>(
        _ type: Value.Type,
        row: Int,
        after column: inout Int
    ) throws(PostgresError) -> Value {
        column += 1
        return try value(type, row: row, column: column)
    }

    fileprivate borrowing func value<Value: PostgresDecodable>(
        _ type: Value.Type,
        row: Int,
        column: Int
    ) throws(PostgresError) -> Value {
        let text = text(row: row, column: column)
        if let value = Value.decode(text) { return value }
        let found = text.map { "'\($0.prefix(100))'" } ?? "NULL"
        throw PostgresError(.decoding, message: "column \(columnName(column)) holds \(found), which is no \(Value.self)")
    }

    fileprivate borrowing func expect(columns count: Int) throws(PostgresError) {
        guard count == columnCount else {
            throw PostgresError(.decoding, message: "the statement returns \(columnCount) columns, the program reads \(count)")
        }
    }
}
