import Dispatch
import TestSupport
import Testing

@testable import Postgres

@Suite(.freshDatabase) struct DatabaseLimitTests {
    private static let lock = 4711

    private func database(connections: Int = 1, _ change: (inout DatabaseLimits) -> Void) -> Database {
        var limits = DatabaseLimits()
        change(&limits)
        return Database(FreshDatabase.conninfo, connections: connections, limits: limits)
    }

    @Test("work that waits too long for a connection, and work beyond those that may wait, is refused; the pool then works on")
    func exhausted() async throws {
        let database = database {
            $0.wait = .milliseconds(200)
            $0.waiting = 1
        }
        let other = Database(FreshDatabase.conninfo, connections: 1)
        let holder = Task { try await database.execute("SELECT pg_sleep(60)") }
        try await eventually { try await other.runs("pg_sleep") }
        let patient = Task { try await database.execute("SELECT 1") }
        try await eventually { await database.waiting == 1 }
        let refused = await #expect(throws: PostgresError.self) { try await database.execute("SELECT 1") }
        #expect(refused?.kind == .exhausted && refused?.isTimeout == true && refused?.isConnectionFailure == false)
        let late = await #expect(throws: PostgresError.self) { try await patient.value }
        #expect(late?.kind == .exhausted)
        #expect(await database.waiting == 0)
        holder.cancel()
        _ = try? await holder.value
        #expect(try await database.row("SELECT 1", as: Int.self) == 1)
    }

    @Test("a statement waits only so long for a lock, and a transaction that stands still loses its locks")
    func locks() async throws {
        let impatient = database { $0.lock = .milliseconds(200) }
        let frozen = database {
            $0.idleTransaction = .milliseconds(2000)
            $0.lock = nil
        }
        let waiting = database { $0.lock = .seconds(60) }
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let holder = Task {
            try await frozen.transaction { session in
                try session.execute("SELECT pg_advisory_xact_lock(\(Self.lock))")
                begin.yield()
                // Stands still as a frozen process does: on this thread until the test allows it to go on.
                let semaphore = DispatchSemaphore(value: 0)
                Task {
                    for await _ in ended { break }
                    semaphore.signal()
                }
                semaphore.wait()
                try session.execute("SELECT 1")
            }
        }
        for await _ in begun { break }
        let refused = await #expect(throws: PostgresError.self) {
            try await impatient.execute("SELECT pg_advisory_xact_lock(\(Self.lock))")
        }
        #expect(refused?.state == "55P03" && refused?.isTimeout == true)
        // Far below the minute that it would wait otherwise.
        try await waiting.execute("SELECT pg_advisory_lock(\(Self.lock))")
        end.yield()
        let lost = await #expect(throws: PostgresError.self) { try await holder.value }
        #expect(lost.map { $0.isTimeout || $0.isConnectionFailure } == true)
    }

    @Test("the operator's conninfo overrules the limits")
    func overruled() async throws {
        let usual = Database(FreshDatabase.conninfo, connections: 1)
        #expect(try await usual.row("SHOW lock_timeout", as: String.self) == "10s")
        #expect(try await usual.row("SHOW idle_in_transaction_session_timeout", as: String.self) == "20s")
        let own = Database(FreshDatabase.conninfo + " options='-c lock_timeout=3000'", connections: 1)
        #expect(try await own.row("SHOW lock_timeout", as: String.self) == "3s")
        #expect(try await own.row("SHOW statement_timeout", as: String.self) == "1min")
    }

    @Test("arrays of texts arrive unchanged, whatever they hold")
    func arrays() async throws {
        let texts: [String?] = ["plain", "", "a \"b\" \\ c", "{d,e}", nil, "NULL", "ünïcödé 語 🙂", "line\nbreak"]
        let found = try await Database(FreshDatabase.conninfo).rows("SELECT t FROM unnest(\(texts)::text[]) t", as: String?.self)
        #expect(found == texts)
    }
}

extension Database {
    /// Whether a statement with this part runs at the server.
    fileprivate func runs(_ part: String) async throws -> Bool {
        try await row(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE \("%" + part + "%")",
            as: Int.self
        ) == 1
    }
}
