import TestSupport
import Testing

@testable import Postgres

@Suite(.freshDatabase) struct CancellationTests {
    private let database = Database(FreshDatabase.conninfo, connections: 1)
    private let observer = Database(FreshDatabase.conninfo, connections: 1)

    private func runningStatements(_ part: String) async throws -> Int? {
        try await observer.read { session in
            try session.row(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE \("%" + part + "%")
                """,
                as: Int.self
            )
        }
    }

    @Test("cancelling stops the statement at the server, and the next one on the same connection is unharmed")
    func interrupt() async throws {
        let process = try await database.row("SELECT pg_backend_pid()", as: Int.self)
        for _ in 0..<10 {
            let sleeping = Task { try await database.execute("SELECT pg_sleep(60)") }
            try await eventually { try await runningStatements("pg_sleep") == 1 }
            let start = ContinuousClock.now
            sleeping.cancel()
            await #expect(throws: CancellationError.self) { try await sleeping.value }
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(try await database.row("SELECT pg_backend_pid() WHERE pg_sleep(0.001) IS NOT NULL", as: Int.self) == process)
        }
    }

    @Test("cancelling at any moment neither hangs nor harms the next work")
    func anyMoment() async throws {
        for step in 0..<60 {
            let work = Task { try await database.execute("SELECT pg_sleep(20)") }
            for _ in 0..<step { await Task.yield() }
            work.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
            #expect(try await database.row("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("a cancelled transaction runs no further statement and is rolled back")
    func transaction() async throws {
        try await database.execute("CREATE TABLE t (n int)")
        let work = Task {
            try await database.transaction { session in
                try session.execute("INSERT INTO t VALUES (1)")
                _ = try? session.execute("SELECT pg_sleep(60)")
                _ = try? session.execute("INSERT INTO t VALUES (2)")
            }
        }
        try await eventually { try await runningStatements("pg_sleep") == 1 }
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(try await database.row("SELECT count(*) FROM t", as: Int.self) == 0)
    }

    @Test("whoever waits for a connection and is cancelled leaves the queue at once, the others keep their turn")
    func waiters() async throws {
        let holder = Task { try await database.execute("SELECT pg_sleep(60)") }
        try await eventually { try await runningStatements("pg_sleep") == 1 }
        let impatient = Task { try await database.row("SELECT 1", as: Int.self) }
        let patient = Task { try await database.row("SELECT 2", as: Int.self) }
        try await eventually { await database.waiting == 2 }
        impatient.cancel()
        await #expect(throws: CancellationError.self) { try await impatient.value }
        #expect(await database.waiting == 1)
        holder.cancel()
        #expect(try await patient.value == 2)
        await #expect(throws: CancellationError.self) { try await holder.value }
    }

    @Test("a task that is cancelled already does not begin")
    func before() async throws {
        let work = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await database.row("SELECT 1", as: Int.self)
        }
        await #expect(throws: CancellationError.self) { try await work.value }
    }
}
