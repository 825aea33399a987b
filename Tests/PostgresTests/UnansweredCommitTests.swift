import Postgres
import TestSupport
import Testing

/// Connections that break during a COMMIT.
@Suite(.freshDatabase) struct UnansweredCommitTests {
    private func withDatabase(_ work: @Sendable (CommitCutter, Database) async throws -> Void) async throws {
        try await CommitCutter.with(FreshDatabase.conninfo) { cutter, conninfo in
            let database = Database(conninfo, connections: 2)
            try await database.execute(script: "CREATE TABLE things (name text)")
            try await work(cutter, database)
            await database.close()
        }
    }

    private func insert(_ name: String, into database: Database) async throws -> Int {
        try await database.transaction { session in
            try session.execute("INSERT INTO things VALUES (\(name))")
            return 42
        }
    }

    @Test("a transaction whose answer was lost counts as committed, because the server says so")
    func committed() async throws {
        try await withDatabase { cutter, database in
            cutter.order(.beforeClient)
            let value = try await insert("a", into: database)
            #expect(value == 42)
            #expect(cutter.cuts == 1)
            let names = try await database.rows("SELECT name FROM things", as: String.self)
            #expect(names == ["a"])
        }
    }

    @Test("a transaction whose COMMIT never arrived counts as rolled back, and the connection's error is thrown")
    func rolledBack() async throws {
        try await withDatabase { cutter, database in
            cutter.order(.beforeServer)
            let error = await #expect(throws: PostgresError.self) { try await insert("a", into: database) }
            #expect(error?.kind != .unanswered)
            #expect(error?.isConnectionFailure == true)
            #expect(cutter.cuts == 1)
            let names = try await database.rows("SELECT name FROM things", as: String.self)
            #expect(names.isEmpty)
        }
    }

    @Test("the server is asked even if the task is cancelled meanwhile")
    func cancelled() async throws {
        try await withDatabase { cutter, database in
            cutter.order(.beforeClient)
            let task = Task { try await insert("a", into: database) }
            try await eventually { cutter.cuts == 1 }
            task.cancel()
            #expect(try await task.value == 42)
        }
    }
}
