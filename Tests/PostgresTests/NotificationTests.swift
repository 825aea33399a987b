import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite(.freshDatabase) struct NotificationTests {
    private let database = Database(FreshDatabase.conninfo, connections: 2)

    private func listeners() async throws -> Int? {
        try await database.read { session in
            try session.row(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
                as: Int.self
            )
        }
    }

    private func notify(_ channel: String, _ payload: String) async throws {
        try await database.execute("SELECT pg_notify(\(channel), \(payload))")
    }

    @Test("a listener hears its channels, in order, once it says that it hears")
    func hears() async throws {
        var notifications = database.notifications(on: ["jobs", "Odd \"name\""]).makeAsyncIterator()
        #expect(await notifications.next() == .reconnected)
        try await notify("elsewhere", "no")
        try await notify("jobs", "1")
        try await notify("Odd \"name\"", "zwei 🦉")
        #expect(await notifications.next() == .posted(channel: "jobs", payload: "1"))
        #expect(await notifications.next() == .posted(channel: "Odd \"name\"", payload: "zwei 🦉"))
    }

    @Test("a transaction's notifications come when it is committed, and not at all when it fails")
    func transactional() async throws {
        struct Failure: Error {}
        var notifications = database.notifications(on: ["jobs"]).makeAsyncIterator()
        #expect(await notifications.next() == .reconnected)
        try? await database.transaction { session in
            try session.execute("SELECT pg_notify('jobs', 'lost')")
            throw Failure()
        }
        try await database.transaction { _ = try $0.execute("SELECT pg_notify('jobs', 'kept')") }
        #expect(await notifications.next() == .posted(channel: "jobs", payload: "kept"))
    }

    @Test("a listener whose connection is cut off connects again and says so", arguments: [1, 3])
    func reconnects(times: Int) async throws {
        var notifications = NotificationListener(FreshDatabase.conninfo).notifications(on: ["jobs"]).makeAsyncIterator()
        #expect(await notifications.next() == .reconnected)
        for time in 0..<times {
            try await eventually { try await listeners() == 1 }
            try await database.read { session in
                try session.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
                )
            }
            #expect(await notifications.next() == .reconnected)
            try await notify("jobs", "\(time)")
            #expect(await notifications.next() == .posted(channel: "jobs", payload: "\(time)"))
        }
    }

    @Test("a listener that nobody reads any more gives its connection back")
    func ends() async throws {
        let reader = Task { for await _ in database.notifications(on: ["jobs"]) {} }
        try await eventually { try await listeners() == 1 }
        reader.cancel()
        try await eventually { try await listeners() == 0 }
    }
}
