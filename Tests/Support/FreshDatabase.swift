import Foundation
import Postgres
import Testing

/// Gives each test an empty database of its own, or a copy of a template; it is dropped afterwards.
///
///     @Suite(.freshDatabase) struct DatabaseTests { … Database(FreshDatabase.conninfo) … }
package struct FreshDatabase: TestTrait, SuiteTrait, TestScoping {
    /// The connection string of the running test's database.
    @TaskLocal package static var conninfo = ""

    package var isRecursive: Bool { true }

    fileprivate let template: Template?

    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        let server = try await TestServer.shared.address()
        let name = "test_" + UUID().uuidString.lowercased()
        if let template {
            try await TestServer.shared.prepare(template)
            try await server.administer("CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: template.name)")
        } else {
            try await server.administer("CREATE DATABASE \(identifier: name) TEMPLATE template0")
        }
        let outcome = await outcome(of: function, conninfo: server.conninfo(database: name))
        try await server.administer("DROP DATABASE \(identifier: name) WITH (FORCE)")
        try outcome.get()
    }

    private func outcome(of function: @Sendable () async throws -> Void, conninfo: String) async -> Result<Void, any Error> {
        do {
            return .success(try await Self.$conninfo.withValue(conninfo) { try await function() })
        } catch {
            return .failure(error)
        }
    }
}

extension Trait where Self == FreshDatabase {
    /// An empty database for each test.
    package static var freshDatabase: Self { FreshDatabase(template: nil) }

    /// A copy, for each test, of a database that `prepare` fills once for all tests that name the same template.
    package static func freshDatabase(
        template: String,
        prepare: @escaping @Sendable (_ conninfo: String) async throws -> Void
    ) -> Self {
        FreshDatabase(template: Template(name: "template_" + template, prepare: prepare))
    }
}

private struct Template: Sendable {
    let name: String
    let prepare: @Sendable (_ conninfo: String) async throws -> Void
}

/// The one server of this test process, started by the first test that needs it.
private actor TestServer {
    static let shared = TestServer()

    private var starting: Task<TestServerAddress, any Error>?
    private var preparing: [String: Task<Void, any Error>] = [:]

    func address() async throws -> TestServerAddress {
        // A task because all tests wait for the same start, and none of them may cancel it.
        let starting =
            starting
            ?? Task {
                let cluster = PrivateCluster(folder: try GuardedFolder.path("cluster"), isDurable: false)
                return TestServerAddress(conninfo: try await cluster.start())
            }
        self.starting = starting
        return try await starting.value
    }

    func prepare(_ template: Template) async throws {
        let server = try await address()
        // A task for the same reason.
        let preparing =
            preparing[template.name]
            ?? Task {
                try await server.administer("CREATE DATABASE \(identifier: template.name) TEMPLATE template0")
                try await template.prepare(server.conninfo(database: template.name))
                // A database can be copied only while it has no connections.
                try await server.administer("ALTER DATABASE \(identifier: template.name) ALLOW_CONNECTIONS false")
                try await server.administer(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = \(template.name)"
                )
            }
        self.preparing[template.name] = preparing
        try await preparing.value
    }
}

private struct TestServerAddress: Sendable {
    private let admin: Database
    private let base: String

    init(conninfo: String) {
        base = conninfo
        // All tests ask for their databases at the same time.
        var limits = DatabaseLimits()
        limits.wait = .seconds(3600)
        limits.waiting = .max
        limits.statement = nil
        limits.lock = nil
        admin = Database(conninfo, connections: 2, limits: limits)
    }

    func conninfo(database: String) -> String { "\(base) dbname=\(database)" }

    func administer(_ statement: SQL) async throws {
        // A canceled test still drops its database.
        try await Task { try await admin.read { _ = try $0.execute(statement) } }.value
    }
}
