import Foundation
import Logging
import ServiceLifecycle
import SystemPackage

/// A PostgreSQL server of Earshot's own, in its own folder, which only the folder's owner on this computer can reach.
///
/// Programs that use the same folder share one server: the last to stop ends it. A server that outlived its program is reused.
package actor PrivateCluster: Service {
    let folder: ClusterFolder
    private let isDurable: Bool
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
    package init(folder: FilePath, isDurable: Bool = true) {
        self.folder = ClusterFolder(folder)
        self.isDurable = isDurable
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
        if folder.dataVersion == nil { try await create(programs, account) }
        if try await !isServing(programs, account) {
            try folder.writeSettings(isDurable: isDurable, account: account)
            try await launch(programs, account)
        }
        let conninfo = try await createDatabase()
        try await lock.share()
        running = Running(programs: programs, account: account, conninfo: conninfo, lock: lock)
        Logger.current.info("The private database runs", metadata: ["folder": "\(folder.path)", "version": "\(programs.version)"])
        return conninfo
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
            for mode in ["fast", "immediate"] {
                let arguments = ["stop", "-D", folder.data.string, "-m", mode, "-w", "-t", "60", "-s"]
                if let outcome = try? await programs.run("pg_ctl", arguments, as: account), outcome.isSuccess { break }
            }
        }.value
        folder.removeSocketFolder()
        Logger.current.info("The private database was stopped")
    }

    /// Keeps the server until shutdown, then stops it.
    package func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }
}

// MARK: - Steps

extension PrivateCluster {
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

    /// Whether a server runs on the data, such as one that outlived a killed program.
    private func isServing(_ programs: PostgresPrograms, _ account: ServerAccount?) async throws -> Bool {
        folder.removeForeignProcessFile()
        return try await programs.run("pg_ctl", ["status", "-D", folder.data.string], as: account).isSuccess
    }

    /// Starts the server and waits until it answers; after a crash that includes its recovery.
    private func launch(_ programs: PostgresPrograms, _ account: ServerAccount?) async throws {
        try folder.makeSocketFolder(for: account)
        folder.shortenLog()
        let arguments = ["start", "-D", folder.data.string, "-l", folder.log.string, "-w", "-t", "300", "-s"]
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let outcome = try await programs.run("pg_ctl", arguments, as: account)
            if outcome.isSuccess { return }
            let reason = folder.logTail
            // The children of a killed server take a moment to notice that they are orphans.
            guard reason.contains("shared memory block"), ContinuousClock.now < deadline else {
                throw PostgresError(.cluster, message: "The private database did not start: \(outcome.text.lastLines(2))\n\(reason)")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Waits for the server and creates its one database if that does not exist yet.
    private func createDatabase() async throws -> String {
        let admin = Database(try folder.conninfo(database: "postgres"), connections: 1)
        do {
            try await admin.waitUntilReady(timeout: .seconds(300))
            try await admin.read { session in
                if try session.row("SELECT 1 FROM pg_database WHERE datname = 'earshot'", as: Int.self) == nil {
                    try session.execute("CREATE DATABASE earshot")
                }
            }
        } catch {
            await admin.close()
            throw error
        }
        await admin.close()
        return try folder.conninfo(database: "earshot")
    }
}
