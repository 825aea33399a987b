extension Database {
    /// Runs one statement, which is a transaction of its own, and returns the number of rows that it wrote or found.
    @discardableResult
    package func execute(_ sql: SQL) async throws -> Int {
        try await read { try $0.execute(sql) }
    }

    /// Runs several statements that are separated by semicolons, without parameters, as one transaction.
    package func execute(script: String) async throws {
        try await read { try $0.execute(script: script) }
    }

    /// Runs one statement and reads every row's one column.
    package func rows<Column: PostgresDecodable>(_ sql: SQL, as type: Column.Type) async throws -> [Column] {
        try await read { try $0.rows(sql, as: type) }
    }

    /// Runs one statement and reads the first row's one column, nil when there is no row.
    package func row<Column: PostgresDecodable>(_ sql: SQL, as type: Column.Type) async throws -> Column? {
        try await read { try $0.row(sql, as: type) }
    }

    /// Runs one statement and reads every row; see ``Session/rows(_:as:)``.
    package func rows<each Column: PostgresDecodable>(
        _ sql: SQL,
        as type: (repeat each Column).Type
    ) async throws -> [(repeat each Column)] {
        try await read { try $0.rows(sql, as: type) }
    }

    /// Runs one statement and reads its first row, nil when there is none.
    package func row<each Column: PostgresDecodable>(
        _ sql: SQL,
        as type: (repeat each Column).Type
    ) async throws -> (repeat each Column)? {
        try await read { try $0.row(sql, as: type) }
    }
}
