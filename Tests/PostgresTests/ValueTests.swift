import Foundation
import TestSupport
import Testing

@testable import Postgres

@Suite(.freshDatabase) struct ValueTests {
    private let database = Database(FreshDatabase.conninfo, connections: 1)

    private func sent<Value: PostgresEncodable & PostgresDecodable & Sendable>(_ value: Value, as type: String) async throws -> Value? {
        try await database.row("SELECT \(value)::\(unsafe: type)", as: Value.self)
    }

    @Test("texts come back as they were sent", arguments: ["", "plain", "Grüße 日本語 👩‍👩‍👧", "a\nb\t\"c\"\\'d'", "  spaces  "])
    func text(value: String) async throws {
        #expect(try await sent(value, as: "text") == value)
    }

    @Test("whole numbers come back, the largest too", arguments: [0, 1, -1, .max, .min])
    func integers(value: Int) async throws {
        #expect(try await sent(value, as: "bigint") == value)
        #expect(try await sent(Int64(value), as: "bigint") == Int64(value))
    }

    @Test(
        "fractions come back to the last bit",
        arguments: [0, -0.0, 0.1, 1 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity]
    )
    func fractions(value: Double) async throws {
        #expect(try await sent(value, as: "double precision")?.bitPattern == value.bitPattern)
    }

    @Test("not-a-number comes back")
    func notANumber() async throws {
        #expect(try await sent(Double.nan, as: "double precision")?.isNaN == true)
    }

    @Test("truth, identifiers and bytes come back")
    func others() async throws {
        let id = UUID()
        let bytes = [UInt8](0...255)
        #expect(try await sent(true, as: "boolean") == true)
        #expect(try await sent(false, as: "boolean") == false)
        #expect(try await sent(id, as: "uuid") == id)
        #expect(try await sent(bytes, as: "bytea") == bytes)
        #expect(try await sent([UInt8](), as: "bytea") == [])
    }

    @Test(
        "points in time come back to the microsecond",
        arguments: [
            "2026-03-01 09:30:00.25+00", "1969-12-31 23:59:59.999999+00", "2000-02-29 00:00:00+00", "1900-03-01 12:00:00+00",
            "0001-01-01 00:00:00+00", "2199-12-31 23:59:59.999999+00", "2024-12-31 23:59:60+00",
        ]
    )
    func dates(text: String) async throws {
        let (date, seconds) = try #require(
            try await database.read { session in
                try session.row("SELECT \(text)::timestamptz, extract(epoch FROM \(text)::timestamptz)::float8", as: (Date, Double).self)
            }
        )
        #expect(abs(date.timeIntervalSince1970 - seconds) < 1e-5)
        let isSame = try await database.row("SELECT \(date) = \(text)::timestamptz", as: Bool.self)
        #expect(isSame == true)
    }

    @Test("a time is written in UTC even where the database has another zone")
    func zones() async throws {
        try await database.read { session in
            try session.execute("SET TIME ZONE 'Asia/Kolkata'")
            let found = try session.row("SELECT '2026-01-01 00:00:00+00'::timestamptz", as: Date.self)
            #expect(found == Date(timeIntervalSince1970: 1_767_225_600))
        }
    }

    @Test("an absent value is nil, and nil is NULL")
    func absence() async throws {
        #expect(try await sent(nil as String?, as: "text") == .some(nil))
        #expect(try await sent(nil as Int?, as: "int") == .some(nil))
        #expect(try await sent(nil as UUID?, as: "uuid") == .some(nil))
        #expect(try await sent(7 as Int?, as: "int") == 7)
    }

    @Test("several columns become a tuple, no row becomes nil")
    func tuples() async throws {
        let row = try await database.row("SELECT 1, 'a', NULL", as: (Int, String, Bool?).self)
        #expect(row?.0 == 1 && row?.1 == "a" && row?.2 == nil)
        #expect(try await database.row("SELECT 1 WHERE false", as: Int.self) == nil)
        let rows = try await database.rows("SELECT n, n::text FROM generate_series(1, 3) n", as: (Int, String).self)
        #expect(rows.map(\.0) == [1, 2, 3] && rows.map(\.1) == ["1", "2", "3"])
    }

    private enum Colour: String, PostgresEncodable, PostgresDecodable { case red, blue }

    @Test("an enum travels as its raw value, and an unknown one is refused")
    func enums() async throws {
        #expect(try await sent(Colour.blue, as: "text") == .blue)
        await #expect(throws: PostgresError.self) { try await database.row("SELECT 'green'", as: Colour.self) }
    }

    @Test(
        "a date that PostgreSQL can't hold is reported, alone and in a list, and the connection goes on",
        arguments: [9.3e12, -3e11, 1e300, -1e300, .infinity, .nan]
    )
    func impossibleDates(seconds: Double) async throws {
        let date = Date(timeIntervalSince1970: seconds)
        for statement in ["SELECT \(date)::text", "SELECT \(Optional(date))::text", "SELECT (\([Date.now, date])::timestamptz[])::text"]
            as [SQL]
        {
            let error = await #expect(throws: PostgresError.self) { try await database.row(statement, as: String?.self) }
            #expect(error?.kind == .encoding)
        }
        #expect(try await database.row("SELECT 1", as: Int.self) == 1)
    }

    @Test("the last dates that PostgreSQL has are read, or refused, but never end the process")
    func latestDates() async throws {
        #expect(
            try await database.row("SELECT '9999-12-31 23:59:59.5+00'::timestamptz", as: Date.self)
                == Date(timeIntervalSince1970: 253_402_300_799.5)
        )
        let error = await #expect(throws: PostgresError.self) {
            try await database.row("SELECT '294276-12-31 23:59:59+00'::timestamptz", as: Date.self)
        }
        #expect(error?.kind == .decoding)
    }

    @Test("arrays find rows and make rows")
    func arrays() async throws {
        let ids = [UUID(), UUID()]
        let texts: [String?] = ["a", #"quoted "b", {c}"#, nil]
        let numbers = [1, 2, 3]
        try await database.read { session in
            #expect(try session.row("SELECT \(ids[1]) = ANY(\(ids))", as: Bool.self) == true)
            #expect(try session.row("SELECT 'x' = ANY(\(["y"]))", as: Bool.self) == false)
            let rows = try session.rows("SELECT * FROM unnest(\(numbers), \(texts)::text[])", as: (Int, String?).self)
            #expect(rows.map(\.0) == numbers && rows.map(\.1) == texts)
        }
    }

    @Test(
        "a column that holds something else is an error that names the column",
        arguments: [
            "SELECT 'abc' AS colour", "SELECT NULL AS colour", "SELECT 1.5 AS colour", "SELECT 99999999999999999999 AS colour",
        ]
    )
    func mismatch(statement: String) async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await database.row("\(unsafe: statement)", as: Int.self)
        }
        #expect(error?.kind == .decoding)
        #expect(error.map { String(reflecting: $0) }?.contains("colour") == true)
    }

    @Test("more or fewer columns than are read is an error")
    func columnCount() async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await database.row("SELECT 1, 2", as: Int.self)
        }
        #expect(error?.kind == .decoding)
    }
}
