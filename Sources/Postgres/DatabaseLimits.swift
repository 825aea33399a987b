/// How long work on a database may wait, and for what.
///
/// The operator's conninfo overrules the limits that are parameters of a connection: `tcp_user_timeout`, and in `options` the names of the
/// server's settings, such as `options='-c lock_timeout=1000'`.
package struct DatabaseLimits: Sendable {
    /// How long one attempt to connect may take, in whole seconds.
    package var connect = Duration.seconds(10)
    /// How long the server works on one statement before it cancels it with SQLSTATE 57014; nil for the server's setting.
    package var statement: Duration? = .seconds(60)
    /// How long a statement waits for a lock before the server cancels it with SQLSTATE 55P03; nil for the server's setting.
    package var lock: Duration? = .seconds(10)
    /// How long a transaction may be idle before the server ends its connection with SQLSTATE 25P03, which frees its locks; nil for the
    /// server's setting.
    package var idleTransaction: Duration? = .seconds(20)
    /// How long the network may swallow what was sent before the connection counts as lost.
    package var network = Duration.seconds(30)
    /// How long work waits for a free connection before it fails with ``PostgresError/Kind/exhausted``.
    package var wait = Duration.seconds(10)
    /// How much work may wait for a connection at the same time; more fails at once in the same way.
    package var waiting = 500

    package init() {}

    /// The limits that the server observes, by the names of its settings.
    var serverSettings: [(name: String, limit: Duration)] {
        [
            ("statement_timeout", statement), ("lock_timeout", lock), ("idle_in_transaction_session_timeout", idleTransaction),
        ].compactMap { name, limit in limit.map { (name, $0) } }
    }
}
