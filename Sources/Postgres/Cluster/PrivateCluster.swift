import Foundation
import Logging
import ServiceLifecycle
import SystemPackage

/// A PostgreSQL server of Earshot's own, in its own folder, which only the folder's owner on this computer can reach.
///
/// Programs that use the same folder share one server: the last to stop ends it. A server that outlived its program is reused, and one that
/// ended by itself is started again by whichever program notices it first.
package actor PrivateCluster: Service {
    /// How often in ten minutes a server that ended by itself is started again.
    package static let usualRestarts = 5
    private static let restartMemory = Duration.seconds(600)

    let folder: ClusterFolder
    private let isDurable: Bool
    private let restarts: Int
    private var running: Running?

    private struct Running: ~Copyable {
        let programs: PostgresPrograms
        let account: ServerAccount?
        let conninfo: String
        let lock: FolderLock
    }

    /// - Parameters:
    ///   - folder: Created by ``start()``.
    ///   - isDurable: False for tests, whose data need not outlive a power failure.
    ///   - restarts: How often in ten minutes a server that ended by itself is started again before ``run()`` gives up.
    package init(folder: FilePath, isDurable: Bool = true, restarts: Int = usualRestarts) {
        self.folder = ClusterFolder(folder)
        self.isDurable = isDurable
        self.restarts = restarts
    }

    /// Creates the cluster if there is none, starts its server if it does not run, and returns the conninfo of its database `earshot`.
    ///
    /// - Throws: A ``PostgresError`` of kind `cluster` that says what the operator can do.
    package func start() async throws -> String {
        if let conninfo = running?.conninfo { return conninfo }
        let account = try ServerAccount.needed(for: folder.data)
        try await folder.prepare(for: account)
        let lock = try FolderLock(folder.lock)
        _ = try await lock.take()
        let programs = try await PostgresPrograms.find(dataVersion: folder.dataVersion)
        let conninfo = try await serve(programs, account)
        try await lock.share()
        running = Running(programs: programs, account: account, conninfo: conninfo, lock: lock)
        Logger.current.info("The private database runs", metadata: ["folder": "\(folder.path)", "version": "\(programs.version)"])
        return conninfo
    }

    /// Watches the server until shutdown, and starts it again whenever it has ended, with growing pauses. It runs on until ``stop()``.
    ///
    /// - Throws: A ``PostgresError`` of kind `cluster` when the server ends, or does not start, again and again.
    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            do { try await self.watch() } catch is CancellationError {}
        }
    }

    private func watch() async throws {
        var ends: [ContinuousClock.Instant] = []
        while true {
            try await Task.sleep(for: .milliseconds(500))
            guard let programs = running?.programs, !folder.isServing else { continue }
            ends = ends.filter { .now - $0 < Self.restartMemory } + [.now]
            guard ends.count <= restarts else {
                throw PostgresError(
                    .cluster,
                    message: """
                        The private database ended \(ends.count) times within ten minutes and is not started again (DATABASE_RESTARTS). \
                        See \(folder.log).
                        """
                )
            }
            Logger.current.error("The private database ended by itself; it is started again", metadata: ["restarts": "\(ends.count)"])
            // None before the first, then 1, 2, 4 … seconds.
            try await Task.sleep(for: ends.count == 1 ? .zero : .seconds(1 << min(ends.count - 2, 6)))
            do {
                _ = try await serve(programs, running?.account)
                Logger.current.notice("The private database runs again")
            } catch let error as PostgresError {
                Logger.current.error("The private database did not start; it is tried again", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Stops the server, unless another program uses it too; does nothing when it was not started.
    package func stop() async {
        guard let running = running.take() else { return }
        guard running.lock.tryToBeAlone() else {
            Logger.current.info("The private database keeps running for another program")
            return
        }
        let (programs, account, folder) = (running.programs, running.account, folder)
        // A task of its own because a cancelled one would kill pg_ctl before it has stopped the server.
        await Task {
            for mode in ["fast", "immediate"] where folder.isServing {
                let arguments = ["stop", "-D", folder.data.string, "-m", mode, "-w", "-t", "60", "-s"]
                if let outcome = try? await programs.run("pg_ctl", arguments, as: account), outcome.isSuccess { break }
            }
        }.value
        folder.removeSocketFolder()
        Logger.current.info("The private database was stopped")
    }
}

// MARK: - Steps

extension PrivateCluster {
    /// Makes sure that the server runs and answers, and returns the conninfo of its database; of several programs one at a time.
    private func serve(_ programs: PostgresPrograms, _ account: ServerAccount?) async throws -> String {
        let lock = try FolderLock(folder.startLock)
        try await lock.takeAlone()
        defer { extendLifetime(lock) }
        if folder.dataVersion == nil { try await create(programs, account) }
        // A server that was killed may seem to run for a moment, and one that is being recovered may end.
        for _ in 0..<Self.usualRestarts {
            if !folder.isServing {
                try await waitForOrphans()
                folder.removeStaleProcessFiles()
                try folder.writeSettings(isDurable: isDurable, account: account)
                try await launch(programs, account)
            }
            if let conninfo = try await createDatabase() { return conninfo }
        }
        throw PostgresError(.cluster, message: "The private database ended while it started.\n\(folder.logTail)")
    }

    /// Waits until the children of a killed server have noticed that they are orphans: two servers must never work on the same data.
    private func waitForOrphans() async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while folder.hasProcesses, !folder.isServing {
            guard ContinuousClock.now < deadline else {
                throw PostgresError(
                    .cluster,
                    message: "Processes of an earlier server still work in \(folder.data). End them, then start Earshot again."
                )
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Creates the data beside their place and moves them there when they are complete, so that a killed attempt leaves none.
    private func create(_ programs: PostgresPrograms, _ account: ServerAccount?) async throws {
        Logger.current.info("Creating a private database", metadata: ["folder": "\(folder.path)"])
        try? FileManager.default.removeItem(atPath: folder.unfinishedData.string)
        var arguments = [
            "-D", folder.unfinishedData.string, "-U", "earshot", "-A", "trust", "-E", "UTF8", "--locale", ClusterFolder.locale,
        ]
        if !isDurable { arguments.append("--no-sync") }
        let outcome = try await programs.run("initdb", arguments, as: account)
        guard outcome.isSuccess else {
            throw PostgresError(.cluster, message: "initdb could not create a database in \(folder.path): \(outcome.text.lastLines(3))")
        }
        try folder.adoptUnfinishedData()
    }

    /// Starts the server and waits until it answers; after a crash that includes its recovery.
    private func launch(_ programs: PostgresPrograms, _ account: ServerAccount?) async throws {
        if folder.isServing { return }
        try folder.makeSocketFolder(for: account)
        folder.shortenLog()
        let arguments = ["start", "-D", folder.data.string, "-l", folder.log.string, "-w", "-t", "300", "-s"]
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let outcome = try await programs.run("pg_ctl", arguments, as: account)
            if outcome.isSuccess { return }
            let reason = folder.logTail
            // Where the children of a killed server can't be seen, the server itself finds them.
            guard reason.contains("shared memory block"), ContinuousClock.now < deadline else {
                throw PostgresError(.cluster, message: "The private database did not start: \(outcome.text.lastLines(2))\n\(reason)")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Waits for the server and creates its one database if that does not exist yet; nil when the server has ended instead.
    private func createDatabase() async throws -> String? {
        let deadline = ContinuousClock.now + .seconds(300)
        while folder.isServing {
            guard let conninfo = try? folder.conninfo(database: "postgres") else {
                // Its file is not complete yet.
                try await Task.sleep(for: .milliseconds(50))
                continue
            }
            let admin = Database(conninfo, connections: 1)
            do {
                try await admin.waitUntilReady(timeout: .seconds(1))
                try await admin.read { session in
                    if try session.row("SELECT 1 FROM pg_database WHERE datname = 'earshot'", as: Int.self) == nil {
                        try session.execute("CREATE DATABASE earshot")
                    }
                }
                await admin.close()
                return try folder.conninfo(database: "earshot")
            } catch {
                await admin.close()
                guard (error as? PostgresError)?.isConnectionFailure == true, ContinuousClock.now < deadline else { throw error }
            }
        }
        return nil
    }
}
