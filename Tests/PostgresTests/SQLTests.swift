import Foundation
import TestSupport
import Testing

@testable import Postgres

@Suite struct SQLTests {
    @Test("values leave numbered places in the text and travel beside it")
    func numbers() {
        let statement: SQL = "SELECT \(1), \("two"), \(nil as Int?)"
        #expect(statement.text == "SELECT $1, $2, $3")
        #expect(statement.parameters.map(\.text) == ["1", "two", nil])
    }

    @Test("a statement within a statement is numbered on")
    func composition() {
        let condition: SQL = "b = \(2) AND c = \(3)"
        let statement: SQL = "SELECT \(1) WHERE \(sql: condition) OR d = \(4)"
        #expect(statement.text == "SELECT $1 WHERE b = $2 AND c = $3 OR d = $4")
        #expect(statement.parameters.map(\.text) == ["1", "2", "3", "4"])
    }

    @Test("a name is quoted, quotation marks within it too")
    func identifiers() {
        let statement: SQL = "LISTEN \(identifier: #"a"b; DROP"#)"
        #expect(statement.text == #"LISTEN "a""b; DROP""#)
    }

    @Test("an array's elements are quoted where they need it")
    func arrays() {
        let statement: SQL = #"SELECT \#([#"a,"b"\"#, ""])"#
        #expect(statement.parameters.map(\.text) == [#"{"a,\"b\"\\",""}"#])
    }
}

@Suite(.freshDatabase) struct InjectionTests {
    @Test(
        "what a user typed is stored as it is, never run",
        arguments: [
            "'; DROP TABLE notes; --", #"\'; DROP TABLE notes; --"#, "$1", "%s", "🦉 ‮ \u{1}", String(repeating: "x", count: 1_000_000),
        ]
    )
    func injection(text: String) async throws {
        let database = Database(FreshDatabase.conninfo)
        try await database.execute("CREATE TABLE notes (body text)")
        try await database.execute("INSERT INTO notes VALUES (\(text))")
        #expect(try await database.rows("SELECT body FROM notes", as: String.self) == [text])
    }

    @Test("one call runs one statement")
    func oneStatement() async throws {
        let database = Database(FreshDatabase.conninfo)
        await #expect(throws: PostgresError.self) { try await database.execute("SELECT 1; SELECT 2") }
    }

    @Test("a text with the character NUL is refused rather than cut off")
    func nul() async throws {
        let database = Database(FreshDatabase.conninfo)
        let error = await #expect(throws: PostgresError.self) {
            try await database.row("SELECT \("a\0b")::text", as: String.self)
        }
        #expect(error?.state == "22021")
    }
}
