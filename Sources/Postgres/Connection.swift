import Basics
import CPostgres
import Dispatch
import Foundation
import Logging
import Synchronization

/// A libpq connection, used by one thread at a time.
///
/// Unchecked because the compiler cannot see that `Database` never lends a connection twice; the state that `interrupt` uses from other
/// threads is behind a lock, and libpq allows `PQcancel` from any thread.
final class Connection: @unchecked Sendable {
    private struct Activity {
        var lease = 0
        var isCancelled = false
        /// Whether a statement that may be interrupted is on its way or at the server.
        var isRunning = false
    }

    private let pointer: OpaquePointer
    private let canceller: OpaquePointer?
    private let activity = Mutex(Activity())
    /// The names under which the server knows statements already; used by one thread at a time, as the connection is.
    private var prepared: [SQL.Shape: String] = [:]

    /// More statements than the program has; any beyond these are parsed by the server each time they are run.
    private static let mostPrepared = 200
    private static let cancellers = BlockingThreads(count: 4)

    /// Connects; blocks at most as long as the settings' time limit for each of the server's addresses.
    init(_ conninfo: String, _ limits: DatabaseLimits, searchPath: String? = nil) throws(PostgresError) {
        let silence = max(3, limits.network.components.seconds)
        // A name after `dbname` overrules the operator's conninfo, one before it only fills in.
        let parameters = [
            ("connect_timeout", "\(max(2, limits.connect.components.seconds))"),
            ("fallback_application_name", "earshot"),
            ("keepalives_idle", "\(silence / 3)"), ("keepalives_interval", "\(silence / 3)"), ("keepalives_count", "2"),
            ("tcp_user_timeout", "\(silence * 1000)"),
            ("dbname", Self.withoutDriver(conninfo)),
            ("client_encoding", "UTF8"),
        ]
        let pointer = withCStrings(parameters.map(\.0)) { names in
            withCStrings(parameters.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let pointer, PQstatus(pointer) == CONNECTION_OK else {
            defer { PQfinish(pointer) }
            throw .connection(pointer)
        }
        self.pointer = pointer
        canceller = PQgetCancel(pointer)
        PQsetNoticeProcessor(pointer, { _, message in message.map { logNotice(String(cString: $0)) } }, nil)
        try run(script: Self.preamble(limits, searchPath: searchPath, given: Self.options(of: pointer)))
    }

    deinit {
        PQfreeCancel(canceller)
        PQfinish(pointer)
    }

    /// The conninfo without the Python driver that addresses written for SQLAlchemy name: `postgresql+psycopg2://…`.
    static func withoutDriver(_ conninfo: String) -> String {
        guard let end = conninfo.range(of: "://")?.lowerBound, let plus = conninfo[..<end].firstIndex(of: "+") else { return conninfo }
        return String(conninfo[..<plus] + conninfo[end...])
    }

    /// The options for the server in the operator's conninfo.
    private static func options(of pointer: OpaquePointer) -> String {
        guard let first = PQconninfo(pointer) else { return "" }
        defer { PQconninfoFree(first) }
        var option = first
        while let keyword = option.pointee.keyword {
            if strcmp(keyword, "options") == 0 { return option.pointee.val.map { String(cString: $0) } ?? "" }
            option += 1
        }
        return ""
    }

    /// Makes the server write values in the forms that `PostgresDecodable` reads, and observe the limits that the operator does not state.
    private static func preamble(_ limits: DatabaseLimits, searchPath: String?, given: String) -> String {
        let settings = limits.serverSettings.filter { !given.contains($0.name) }
            .map { "SET \($0.name) TO \(max(1, $0.limit.milliseconds));" }
        let path = searchPath.map { "SET search_path TO \($0);" } ?? ""
        return "SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO, YMD'; SET bytea_output TO 'hex';" + settings.joined() + path
    }
}

// MARK: - Statements

extension Connection {
    /// Runs one statement.
    ///
    /// Work that was cancelled may run no more statements, except those that end its transaction.
    func run(_ sql: SQL) throws(PostgresError) -> Reply {
        let text = sql.text
        let parameters = sql.parameters
        if let fault = parameters.lazy.compactMap(\.fault).first { throw PostgresError(.encoding, message: fault) }
        guard !parameters.contains(where: { $0.text?.utf8.contains(0) ?? false }) else {
            throw PostgresError(.statement, state: "22021", message: "a text contains the character NUL, which PostgreSQL can't store")
        }
        try startStatement()
        defer { endStatement() }
        let name = try prepare(text, types: parameters.map(\.type.rawValue))
        let result = withCStrings(parameters.map(\.text)) { values in
            PQexecPrepared(pointer, name, Int32(parameters.count), values, nil, nil, 0)
        }
        return try reply(result, to: text)
    }

    /// Has the server parse a statement, unless it has done so before, and returns the name by which it is run; the name of a statement that
    /// is not kept is empty. To parse and plan the statements of a light request took the server ten times as long as to run them.
    private func prepare(_ text: String, types: [Oid]) throws(PostgresError) -> String {
        let shape = SQL.Shape(text: text, types: types)
        if let name = prepared[shape] { return name }
        let name = prepared.count < Self.mostPrepared ? "s\(prepared.count)" : ""
        _ = try reply(PQprepare(pointer, name, text, Int32(types.count), types), to: text)
        if !name.isEmpty { prepared[shape] = name }
        return name
    }

    /// Runs statements that are separated by semicolons and returns the last one's reply.
    ///
    /// A script that is not `interruptible` runs to its end even if the work was cancelled: for `ROLLBACK` and the like.
    @discardableResult
    func run(script: String, interruptible: Bool = true) throws(PostgresError) -> Reply {
        guard interruptible else { return try reply(PQexec(pointer, script), to: script) }
        try startStatement()
        defer { endStatement() }
        return try reply(PQexec(pointer, script), to: script)
    }

    private func reply(_ result: OpaquePointer?, to statement: String) throws(PostgresError) -> Reply {
        guard let result else { throw .connection(pointer) }
        let reply = Reply(result)
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return reply
        default: throw PostgresError(result: result, statement: statement)
        }
    }
}

// MARK: - Life

extension Connection {
    /// Whether the connection can be lent: alive and in no transaction.
    var isIdle: Bool { PQstatus(pointer) == CONNECTION_OK && PQtransactionStatus(pointer) == PQTRANS_IDLE }

    /// Whether a transaction is open that can still be committed.
    var isInTransaction: Bool { PQtransactionStatus(pointer) == PQTRANS_INTRANS }

    /// The socket, -1 when the connection is lost.
    var socket: Int32 { PQsocket(pointer) }

    /// Whether the server sent something without a request, as it does before it closes a connection.
    var hasUnreadInput: Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) != 0
    }

    /// Asks the server for a sign of life.
    func answers() -> Bool {
        PQclear(PQexec(pointer, ""))
        return isIdle
    }

    /// Rolls back a transaction that the work left open.
    func endTransaction() {
        guard PQstatus(pointer) == CONNECTION_OK, PQtransactionStatus(pointer) != PQTRANS_IDLE else { return }
        _ = try? run(script: "ROLLBACK", interruptible: false)
    }

    /// The notifications that have arrived, or nil when the connection is lost.
    func takeNotifications() -> [(channel: String, payload: String)]? {
        guard PQconsumeInput(pointer) == 1 else { return nil }
        var notifications: [(channel: String, payload: String)] = []
        while let notification = PQnotifies(pointer) {
            notifications.append((String(cString: notification.pointee.relname), String(cString: notification.pointee.extra)))
            PQfreemem(notification)
        }
        return notifications
    }
}

// MARK: - Cancellation

extension Connection {
    /// Starts a piece of work and returns the number to interrupt it by.
    func beginLease() -> Int {
        activity.withLock { activity in
            activity.lease += 1
            activity.isCancelled = false
            return activity.lease
        }
    }

    /// Whether the work was cancelled.
    func wasInterrupted(_ lease: Int) -> Bool {
        activity.withLock { $0.lease == lease && $0.isCancelled }
    }

    /// Throws when the work was cancelled.
    func checkCancellation() throws(PostgresError) {
        if activity.withLock({ $0.isCancelled }) { throw .cancelled }
    }

    /// Makes the work's running statement, and every later one, fail; does nothing once the work has ended.
    func interrupt(_ lease: Int) {
        let isRunning = activity.withLock { activity in
            guard activity.lease == lease else { return false }
            activity.isCancelled = true
            return activity.isRunning
        }
        if isRunning { stopStatement(of: lease) }
    }

    /// Asks the server to cancel the statement, again and again until it has ended, since a request that overtakes the statement on its
    /// way is lost. The lock is held meanwhile, so that no request can hit the next statement.
    private func stopStatement(of lease: Int) {
        // A server that is frozen answers none of these requests.
        Self.cancellers.start {
            let isStillRunning = self.activity.withLock { activity in
                guard activity.lease == lease, activity.isRunning else { return false }
                var message = [CChar](repeating: 0, count: 256)
                PQcancel(self.canceller, &message, Int32(message.count))
                return true
            }
            guard isStillRunning else { return }
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) { self.stopStatement(of: lease) }
        }
    }

    private func startStatement() throws(PostgresError) {
        let mayRun = activity.withLock { activity in
            activity.isRunning = !activity.isCancelled
            return activity.isRunning
        }
        guard mayRun else { throw .cancelled }
    }

    private func endStatement() {
        activity.withLock { $0.isRunning = false }
    }
}

// MARK: - Replies

/// The server's reply to one statement; used by one thread at a time.
final class Reply {
    private let pointer: OpaquePointer

    fileprivate init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit { PQclear(pointer) }

    /// The number of rows it holds.
    var rowCount: Int { Int(PQntuples(pointer)) }

    /// The number of columns of each row.
    var columnCount: Int { Int(PQnfields(pointer)) }

    /// The number of rows that the statement wrote or returned.
    var affectedRows: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    /// The name of the command that ran: `COMMIT`, `INSERT 0 1`, …
    var command: String { String(cString: PQcmdStatus(pointer)) }

    /// The name of a column.
    func columnName(_ column: Int) -> String { PQfname(pointer, Int32(column)).map { String(cString: $0) } ?? "\(column)" }

    /// The text form of one value, nil for NULL.
    func text(row: Int, column: Int) -> String? {
        guard PQgetisnull(pointer, Int32(row), Int32(column)) == 0, let value = PQgetvalue(pointer, Int32(row), Int32(column)) else {
            return nil
        }
        let length = Int(PQgetlength(pointer, Int32(row), Int32(column)))
        return String(decoding: UnsafeRawBufferPointer(start: value, count: length), as: UTF8.self)
    }
}

/// The server's notices go to the log of the task that runs the statement.
private func logNotice(_ message: String) {
    Logger.current.debug("PostgreSQL notice", metadata: ["notice": "\(message.trimmed)"])
}

/// Lends an array of C strings, ended by nil, for the time of a call.
private func withCStrings<Value>(_ strings: [String?], _ work: ([UnsafePointer<CChar>?]) -> Value) -> Value {
    let copies = strings.map { $0.flatMap { strdup($0) } }
    defer { copies.forEach { free($0) } }
    return work(copies.map { $0.map { UnsafePointer($0) } } + [nil])
}
