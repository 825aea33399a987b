/// A value that is read from a row: its `init` takes the columns in the order of the SELECT beside it.
///
///     try session.rows("SELECT id, name FROM notes", as: Note.self)
///
///     init(_ row: inout RowReader) throws {
///         id = try row.next()
///         name = try row.next()
///     }
package protocol PostgresRow {
    init(_ row: inout RowReader) throws
}

/// Reads the columns of one row, from the first to the last.
package struct RowReader {
    private let reply: Reply
    private let row: Int
    private var column = 0

    /// - Parameter row: From 0.
    init(_ reply: Reply, row: Int) {
        self.reply = reply
        self.row = row
    }

    /// The next column.
    ///
    /// - Throws: A ``PostgresError`` of kind `decoding` where it holds another type, or the row has no more columns.
    package mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
        guard column < reply.columnCount else {
            throw PostgresError(.decoding, message: "the statement returns \(reply.columnCount) columns, the program reads more")
        }
        defer { column += 1 }
        let text = reply.text(row: row, column: column)
        if let value = Value.decode(text) { return value }
        let found = text == nil ? "NULL" : "a value"
        throw PostgresError(.decoding, message: "column \(reply.columnName(column)) holds \(found) instead of \(Value.self)")
    }

    /// Throws where columns are left.
    func finish() throws(PostgresError) {
        guard column == reply.columnCount else {
            throw PostgresError(.decoding, message: "the statement returns \(reply.columnCount) columns, the program reads \(column)")
        }
    }
}
