import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite(.freshDatabase) struct DatabaseTests {
    private let database = Database(FreshDatabase.conninfo, connections: 3)

    private func makeCounter() async throws {
        try await database.execute(script: "CREATE TABLE counter (n bigint); INSERT INTO counter VALUES (0)")
    }

    private func counter() async throws -> Int? {
        try await database.row("SELECT n FROM counter", as: Int.self)
    }

    @Test("a statement says how many rows it wrote")
    func affectedRows() async throws {
        try await makeCounter()
        #expect(try await database.execute("UPDATE counter SET n = 1") == 1)
        #expect(try await database.execute("DELETE FROM counter WHERE n = 7") == 0)
    }

    @Test("a failed transaction leaves nothing behind and tells its first error")
    func rollback() async throws {
        try await makeCounter()
        let error = await #expect(throws: PostgresError.self) {
            try await database.transaction { session in
                try session.execute("UPDATE counter SET n = 5")
                try session.execute("INSERT INTO nowhere VALUES (1)")
            }
        }
        #expect(error?.state == "42P01")
        #expect(try await counter() == 0)
    }

    @Test("two transactions that wait for each other both come through, each once")
    func deadlock() async throws {
        try await database.execute(script: "CREATE TABLE pair (id text PRIMARY KEY, n bigint); INSERT INTO pair VALUES ('a', 0), ('b', 0)")
        // What a sequence has given out is not taken back with a transaction.
        try await database.execute(script: "CREATE SEQUENCE runs")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for order in [["a", "b"], ["b", "a"]] {
                group.addTask { [database] in
                    try await database.transaction { session in
                        try session.execute("SELECT nextval('runs')")
                        try session.execute("UPDATE pair SET n = n + 1 WHERE id = \(order[0])")
                        // Until the other one has its first row, too.
                        try session.execute("SELECT pg_sleep(0.5)")
                        try session.execute("UPDATE pair SET n = n + 1 WHERE id = \(order[1])")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.row("SELECT last_value FROM runs", as: Int.self) == 3)
        #expect(try await database.rows("SELECT n FROM pair ORDER BY id", as: Int.self) == [2, 2])
    }

    @Test("the work's own error comes out even when the connection is lost before the rollback")
    func rollbackKeepsFirstError() async throws {
        struct Own: Error {}
        await #expect(throws: Own.self) {
            try await database.transaction { session in
                _ = try? session.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                throw Own()
            }
        }
        #expect(try await database.row("SELECT 1", as: Int.self) == 1)
    }

    @Test("a transaction whose failed statement was ignored does not pretend to have been committed")
    func hiddenFailure() async throws {
        try await makeCounter()
        let error = await #expect(throws: PostgresError.self) {
            try await database.transaction { session in
                try session.execute("UPDATE counter SET n = 5")
                _ = try? session.execute("SELECT 1/0")
            }
        }
        #expect(error?.state == "25P02")
        #expect(try await counter() == 0)
    }

    @Test("work that leaves a transaction open does not leave it to the next")
    func openTransaction() async throws {
        let database = Database(FreshDatabase.conninfo, connections: 1)
        try await database.execute("BEGIN")
        #expect(try await database.read { $0.isInTransaction } == false)
    }

    @Test("50 increments at once over 3 connections all count")
    func concurrency() async throws {
        try await makeCounter()
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    try await database.transaction { session in
                        let n = try session.row("SELECT n FROM counter FOR UPDATE", as: Int.self) ?? 0
                        try session.execute("UPDATE counter SET n = \(n + 1)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await counter() == 50)
        let connections = try await database.read { session in
            try session.row("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()", as: Int.self)
        }
        #expect(try #require(connections) <= 3)
    }

    @Test("a broken rule is told by its name, and what may be shown quotes no data")
    func constraint() async throws {
        try await database.execute("CREATE TABLE people (email text CONSTRAINT one_account UNIQUE)")
        let error = try #require(
            await #expect(throws: PostgresError.self) {
                try await database.transaction { session in
                    for _ in 0..<2 { try session.execute("INSERT INTO people VALUES (\("secret@example.org"))") }
                }
            }
        )
        #expect(error.state == "23505" && error.constraint == "one_account" && error.table == "people")
        struct Wrapped: Error { let cause: any Error }
        for shown in ["\(error)", String(reflecting: error), "\(Wrapped(cause: error))", String(reflecting: Wrapped(cause: error))] {
            #expect(shown.contains("23505") && !shown.contains("secret"))
        }
    }

    @Test("a statement that takes too long is given up")
    func statementTimeout() async throws {
        var limits = DatabaseLimits()
        limits.statement = .milliseconds(50)
        let hasty = Database(FreshDatabase.conninfo, connections: 1, limits: limits)
        let error = await #expect(throws: PostgresError.self) { try await hasty.execute("SELECT pg_sleep(30)") }
        #expect(error?.state == "57014")
    }

    @Test("what the server remarks goes to the log of whoever asked")
    func notices() async throws {
        let log = LogCollector()
        try await withLogger(Logger(label: "test") { _ in log }) { _ in
            _ = try await database.execute(script: "DO $$ BEGIN RAISE NOTICE 'mind the gap'; END $$")
        }
        #expect(log.lines.contains { $0.contains("mind the gap") })
    }

    @Test("a lost connection is replaced", arguments: [1, 3])
    func recovery(connections: Int) async throws {
        let database = Database(FreshDatabase.conninfo, connections: connections)
        try await withThrowingTaskGroup { group in
            for _ in 0..<connections { group.addTask { _ = try await database.execute("SELECT pg_sleep(0.05)") } }
            try await group.waitForAll()
        }
        try await self.database.read { session in
            try session.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        }
        for _ in 0..<5 { #expect(try await database.row("SELECT 1", as: Int.self) == 1) }
    }

    @Test("work whose connection is cut off fails, and the next work does not")
    func cutOff() async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await database.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        }
        #expect(error?.isConnectionFailure == true)
        #expect(try await database.row("SELECT 1", as: Int.self) == 1)
    }

    @Test("a closed pool refuses work")
    func closed() async throws {
        try await makeCounter()
        await database.close()
        await #expect(throws: PostgresError.self) { try await counter() }
    }

    @Test("addresses may be written for SQLAlchemy")
    func driverNames() async throws {
        let name = try #require(FreshDatabase.conninfo.split(separator: "=").last)
        let folder = try #require(FreshDatabase.conninfo.split(separator: "'").dropFirst().first)
        let url = "postgresql+psycopg2://earshot@/\(name)?host=\(folder)"
        #expect(try await Database(url).row("SELECT current_database()", as: String.self) == String(name))
    }
}

@Suite struct UnreachableDatabaseTests {
    @Test("a server that is not there is an error that says so, and the wait for it ends in time")
    func unreachable() async throws {
        let database = Database("host=/nonexistent dbname=nothing")
        let error = await #expect(throws: PostgresError.self) { try await database.execute("SELECT 1") }
        #expect(error?.kind == .connection)
        let start = ContinuousClock.now
        await #expect(throws: PostgresError.self) { try await database.waitUntilReady(timeout: .milliseconds(400)) }
        // Far below the minute that it waits when it is not told how long.
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}

/// Keeps the lines that are logged to it.
final class LogCollector: LogHandler {
    private let collected = Mutex<[String]>([])

    var lines: [String] { collected.withLock { $0 } }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        collected.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
