import Logging
import NIOPosix
import ServiceLifecycle

/// A pool of connections to one database.
///
/// Work on a connection is a synchronous closure on a thread of the pool, so nothing can be awaited while a transaction is open.
/// A cancelled task's work ends with `CancellationError`: the server cancels its running statement and rolls its transaction back.
package actor Database: Service {
    private struct Idle: Sendable {
        let connection: Connection
        let since: ContinuousClock.Instant

        /// Whether to ask for a sign of life before lending it: after half a minute of silence, or when the server has sent something.
        var isDoubtful: Bool { .now - since > .seconds(30) || connection.hasUnreadInput }
    }

    private struct Waiter {
        let number: Int
        /// Resumed with an idle connection, or with nil for the right to open a new one.
        let continuation: CheckedContinuation<Idle?, any Error>
    }

    /// The address that the pool connects to, which may hold a password.
    package nonisolated let conninfo: String

    private let limits: DatabaseLimits
    private let searchPath: String?
    private let limit: Int
    private let threads: NIOThreadPool
    private var idle: [Idle] = []
    private var open = 0
    private var waiters: [Waiter] = []
    private var waiterCount = 0
    private var isClosed = false

    /// A pool that connects when it is first used.
    ///
    /// - Parameters:
    ///   - conninfo: A URL (`postgresql://user:password@host:5432/name`) or libpq's `host=… dbname=…`.
    ///   - connections: The largest number of connections.
    ///   - searchPath: The schemas in which names are looked up, separated by commas; nil for the server's setting.
    package init(
        _ conninfo: String,
        connections: Int = 4,
        limits: DatabaseLimits = DatabaseLimits(),
        searchPath: String? = nil
    ) {
        self.conninfo = conninfo
        self.limits = limits
        self.searchPath = searchPath
        limit = max(1, connections)
        threads = NIOThreadPool(numberOfThreads: limit)
        threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    /// Runs the work on a connection, where each statement is a transaction of its own.
    @discardableResult
    package func read<Value: Sendable>(_ work: @escaping @Sendable (Session) throws -> Value) async throws -> Value {
        try await lend(work)
    }

    /// Runs the work in one transaction, which is committed when the work returns and rolled back when it throws.
    ///
    /// A transaction that the server aborts because it and another one waited for each other is run again, up to five times in all: so the
    /// work must have no effect that a rollback does not undo, or that a second run does not repeat.
    ///
    /// If the connection breaks during the COMMIT, the server is asked over another connection how the transaction ended.
    ///
    /// - Throws: The work's error, or a `PostgresError`; one of the kind `unanswered` if the server could not be asked in time. Then it is
    ///   not known whether the transaction was committed.
    @discardableResult
    package func transaction<Value: Sendable>(_ work: @escaping @Sendable (Session) throws -> Value) async throws -> Value {
        var attempt = 1
        while true {
            do {
                switch try await lend({ try $0.transaction(work) }) {
                case .committed(let value): return value
                case .unanswered(let value, let commit):
                    // A task of its own, because a cancelled one could not ask.
                    try await Task { try await confirm(commit) }.value
                    return value
                }
            } catch let error as PostgresError where error.isConflict && attempt < 5 {
                Logger.current.notice("Two transactions waited for each other; one is run again", metadata: ["attempt": "\(attempt)"])
                attempt += 1
            }
        }
    }

    /// Asks the server, with growing pauses, whether it committed a transaction whose COMMIT it did not answer; returns if it did.
    ///
    /// - Throws: The cause if the transaction was rolled back, or an error of the kind `unanswered` if that is still unknown after a while.
    private func confirm(_ commit: Session.UnansweredCommit) async throws {
        Logger.current.warning("A COMMIT was not answered; the server is asked for the outcome", metadata: ["error": "\(commit.cause)"])
        let deadline = ContinuousClock.now + .seconds(30)
        var pause = Duration.milliseconds(50)
        while ContinuousClock.now < deadline {
            let status = try? await row("SELECT pg_xact_status(\(commit.number)::xid8)", as: String?.self) ?? nil
            switch status {
            case "committed": return
            case "aborted": throw commit.cause
            // The server has not noticed that the connection is gone, or does not answer yet.
            default: try await Task.sleep(for: pause)
            }
            pause = min(pause * 2, .seconds(2))
        }
        var unknown = commit.cause
        unknown.kind = .unanswered
        throw unknown
    }

    /// The notifications on some channels, over a connection of its own; see ``NotificationListener``.
    package nonisolated func notifications(on channels: [String]) -> AsyncStream<PostgresNotification> {
        NotificationListener(conninfo).notifications(on: channels)
    }

    /// Waits until the server accepts a connection, with growing pauses; throws the last reason when the time is over.
    package func waitUntilReady(timeout: Duration = .seconds(60)) async throws {
        let deadline = ContinuousClock.now + timeout
        var pause = Duration.milliseconds(100)
        while true {
            do {
                return try await read { _ = try $0.execute("SELECT 1") }
            } catch let error as PostgresError where error.isConnectionFailure && !isClosed {
                guard ContinuousClock.now + pause < deadline else { throw error }
                Logger.current.info("Waiting for the database", metadata: ["reason": "\(error)"])
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
        }
    }

    /// Keeps the pool until shutdown, then closes it.
    package func run() async throws {
        try? await gracefulShutdown()
        await close()
    }

    /// Closes the idle connections now and the others as they come back; later work is refused.
    package func close() async {
        isClosed = true
        open -= idle.count
        idle = []
        for waiter in waiters { waiter.continuation.resume(throwing: Self.closed) }
        waiters = []
        try? await threads.shutdownGracefully()
    }

    private static var closed: PostgresError { PostgresError(.connection, message: "the pool is closed") }
    private static var exhausted: PostgresError { PostgresError(.exhausted, message: "all connections are in use") }
}

// MARK: - Lending

extension Database {
    private func lend<Value: Sendable>(_ work: @escaping @Sendable (Session) throws -> Value) async throws -> Value {
        let connection = try await borrow()
        let lease = connection.beginLease()
        let logger = Logger.current
        defer { giveBack(connection) }
        do {
            return try await withTaskCancellationHandler {
                try await threads.runIfActive {
                    try withLogger(logger) { _ in
                        defer { connection.endTransaction() }
                        return try work(Session(connection))
                    }
                }
            } onCancel: {
                connection.interrupt(lease)
            }
        } catch let error as PostgresError where error.state == "57014" && connection.wasInterrupted(lease) {
            throw CancellationError()
        }
    }

    private func borrow() async throws -> Connection {
        let candidate = try await takeTurn()
        if let candidate, !candidate.isDoubtful { return candidate.connection }
        do {
            return try await threads.runIfActive { [conninfo, limits, searchPath] in
                if let candidate, candidate.connection.answers() { return candidate.connection }
                return try Connection(conninfo, limits, searchPath: searchPath)
            }
        } catch {
            passOn(nil)
            throw error
        }
    }

    /// An idle connection, or nil for the right to open one; waits while all are lent, but not for ever.
    private func takeTurn() async throws -> Idle? {
        try Task.checkCancellation()
        if isClosed { throw Self.closed }
        if let last = idle.popLast() { return last }
        if open < limit {
            open += 1
            return nil
        }
        guard waiters.count < limits.waiting else { throw Self.exhausted }
        waiterCount += 1
        let number = waiterCount
        let alarm = Task { [limits] in
            try await Task.sleep(for: limits.wait)
            giveUp(number, Self.exhausted)
        }
        defer { alarm.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiters.append(Waiter(number: number, continuation: continuation))
                }
            }
        } onCancel: {
            // A task because a cancellation handler is not isolated to the actor.
            Task { await self.giveUp(number, CancellationError()) }
        }
    }

    private func giveUp(_ number: Int, _ reason: any Error) {
        guard let index = waiters.firstIndex(where: { $0.number == number }) else { return }
        waiters.remove(at: index).continuation.resume(throwing: reason)
    }

    private func giveBack(_ connection: Connection) {
        passOn(connection.isIdle ? Idle(connection: connection, since: .now) : nil)
    }

    /// Hands a connection, or the right to open one, to the task that has waited longest.
    private func passOn(_ free: Idle?) {
        if !waiters.isEmpty {
            waiters.removeFirst().continuation.resume(returning: free)
        } else if let free, !isClosed {
            idle.append(free)
        } else {
            open -= 1
        }
    }

    /// The number of tasks that wait for a connection.
    var waiting: Int { waiters.count }
}

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
