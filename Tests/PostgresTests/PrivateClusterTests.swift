import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Postgres

/// One after the other: each test makes a cluster, and together they would crowd a small computer.
@Suite(.serialized) struct PrivateClusterTests {
    private func withFolder(_ name: String = "", _ work: (FilePath) async throws -> Void) async throws {
        let folder = try GuardedFolder.path("\(UUID().uuidString.prefix(8))\(name)")
        do {
            try await work(folder)
        } catch {
            await PrivateCluster(folder: folder).end()
            throw error
        }
        await PrivateCluster(folder: folder).end()
        try FileManager.default.removeItem(atPath: folder.string)
    }

    private func process(_ folder: FilePath) throws -> Int32 {
        let file = try String(contentsOfFile: folder.appending("data/postmaster.pid").string, encoding: .utf8)
        return try #require(file.split(separator: "\n").first.flatMap { Int32($0) })
    }

    /// Whether the process works; one that has ended but was not yet taken note of by the system's first process does not.
    private func isRunning(_ process: Int32) -> Bool {
        #if os(Linux)
            return (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")) != nil
        #else
            return kill(process, 0) == 0
        #endif
    }

    private func add(_ number: Int, _ conninfo: String) async throws {
        let database = Database(conninfo, connections: 1)
        try await database.read { session in
            try session.execute("CREATE TABLE IF NOT EXISTS numbers (n int)")
            try session.execute("INSERT INTO numbers VALUES (\(number))")
        }
        await database.close()
    }

    private func numbers(_ conninfo: String) async throws -> [Int] {
        let database = Database(conninfo, connections: 1)
        let numbers = try await database.rows("SELECT n FROM numbers ORDER BY n", as: Int.self)
        await database.close()
        return numbers
    }

    @Test("a cluster keeps its data over stop and start, and after the stop nothing runs")
    func restart() async throws {
        try await withFolder { folder in
            let cluster = PrivateCluster(folder: folder, isDurable: false)
            try await add(1, cluster.start())
            let first = try process(folder)
            #expect(isRunning(first))
            await cluster.stop()
            #expect(!isRunning(first))
            let again = PrivateCluster(folder: folder, isDurable: false)
            let conninfo = try await again.start()
            #expect(try await again.start() == conninfo)
            #expect(try await numbers(conninfo) == [1])
            await again.stop()
            await again.stop()
        }
    }

    @Test("only the owner reaches the cluster, and not over the network")
    func closed() async throws {
        try await withFolder { folder in
            let cluster = PrivateCluster(folder: folder)
            let database = Database(try await cluster.start(), connections: 1)
            #expect(try await database.row("SHOW listen_addresses", as: String.self) == "")
            #expect(try await database.row("SHOW fsync", as: String.self) == "on")
            #expect(try await database.row("SELECT lower('ÄÖÉЖ')", as: String.self) == "äöéж")
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.string)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            await database.close()
            await cluster.stop()
        }
    }

    @Test("started as root, the server runs as another user", .enabled(if: geteuid() == 0))
    func root() async throws {
        try await withFolder { folder in
            let cluster = PrivateCluster(folder: folder, isDurable: false)
            _ = try await cluster.start()
            let owner = try FileManager.default.attributesOfItem(atPath: folder.appending("data").string)[.ownerAccountName] as? String
            #expect(owner == "postgres" || owner == "nobody")
            await cluster.stop()
        }
    }

    @Test("a folder that the other user can't reach is told in words that help", .enabled(if: geteuid() == 0))
    func unreachable() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder.string,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let error = await #expect(throws: PostgresError.self) { try await PrivateCluster(folder: folder.appending("inner")).start() }
            #expect(error?.kind == .cluster)
            #expect(error.map { "\($0)" }?.contains("can't reach") == true)
        }
    }

    @Test("a killed server recovers with all that was committed")
    func killed() async throws {
        try await withFolder { folder in
            let cluster = PrivateCluster(folder: folder)
            try await add(1, cluster.start())
            try kill(process(folder), SIGKILL)
            let again = PrivateCluster(folder: folder)
            await cluster.stop()
            let conninfo = try await again.start()
            #expect(try await numbers(conninfo) == [1])
            await again.stop()
        }
    }

    /// Kills every process of a cluster at once, as a machine's end does.
    private func killAll(_ folder: FilePath) throws {
        let data = folder.appending("data").string
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let process = Int32(name) else { continue }
            let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/cwd")
            if directory == data { kill(process, SIGKILL) }
        }
    }

    #if os(Linux)
        @Test("a start right after all of a server was killed is ready soon, each time")
        func killedAgainAndAgain() async throws {
            try await withFolder { folder in
                try await add(0, PrivateCluster(folder: folder).start())
                for round in 1...6 {
                    try killAll(folder)
                    let start = ContinuousClock.now
                    try await add(round, PrivateCluster(folder: folder).start())
                    // Far below the 300 seconds for which a server may recover.
                    #expect(ContinuousClock.now - start < .seconds(45))
                }
                let last = PrivateCluster(folder: folder)
                #expect(try await numbers(last.start()) == Array(0...6))
                await last.stop()
            }
        }

        @Test("a zombie is not taken for a running server")
        func zombie() async throws {
            try await withFolder { folder in
                let cluster = PrivateCluster(folder: folder, isDurable: false)
                try await add(1, cluster.start())
                await cluster.stop()
                let child = try Foundation.Process.run(
                    URL(filePath: "/bin/sh"),
                    arguments: ["-c", "sleep 0 & echo $! >\"$0\"; exec sleep 600", "\(folder)/child"]
                )
                // A service in another test may have had SIGTERM ignored when it began.
                defer { kill(child.processIdentifier, SIGKILL) }
                try await eventually {
                    let number = try String(contentsOfFile: folder.appending("child").string, encoding: .utf8).trimmed
                    return try String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8).contains(") Z ")
                }
                let number = try String(contentsOfFile: folder.appending("child").string, encoding: .utf8).trimmed
                let file = folder.appending("data/postmaster.pid").string
                try "\(number)\n\(folder)/data\n1\n5432\n\(folder)\n\n\nready\n".write(toFile: file, atomically: true, encoding: .utf8)
                #expect(try await numbers(cluster.start()) == [1])
                await cluster.stop()
            }
        }
    #endif

    @Test("a server that ends by itself is started again, by one of the programs that share it; their connections work on")
    func supervised() async throws {
        try await withFolder { folder in
            let clusters = [PrivateCluster(folder: folder), PrivateCluster(folder: folder)]
            try await add(1, clusters[0].start())
            let conninfo = try await clusters[1].start()
            let database = Database(conninfo, connections: 2)
            let watches = clusters.map { cluster in Task { try await cluster.run() } }
            for number in 2...3 {
                let process = try process(folder)
                kill(process, SIGKILL)
                // Sessions of the dead server work on for a moment.
                try await eventually { try self.process(folder) != process }
                try await eventually { try await database.row("SELECT 1", as: Int.self) == 1 }
                try await database.execute("INSERT INTO numbers VALUES (\(number))")
            }
            for watch in watches {
                watch.cancel()
                _ = try? await watch.value
            }
            #expect(try await database.rows("SELECT n FROM numbers ORDER BY n", as: Int.self) == [1, 2, 3])
            await database.close()
            for cluster in clusters { await cluster.stop() }
            #expect(!FileManager.default.fileExists(atPath: folder.appending("data/postmaster.pid").string))
        }
    }

    @Test("a server that ends again and again is given up")
    func givenUp() async throws {
        try await withFolder { folder in
            let cluster = PrivateCluster(folder: folder, restarts: 1)
            try await add(1, cluster.start())
            let hasEnded = Mutex(false)
            let watch = Task {
                defer { hasEnded.withLock { $0 = true } }
                try await cluster.run()
            }
            // A server that is killed while it is being started is started again without being counted, so one kill more may be needed.
            try await eventually {
                if (try? await numbersAreThere(folder)) == true { kill(try process(folder), SIGKILL) }
                return hasEnded.withLock { $0 }
            }
            let error = await #expect(throws: PostgresError.self) { try await watch.value }
            #expect(error?.message.contains("DATABASE_RESTARTS") == true)
            await cluster.stop()
        }
    }

    private func numbersAreThere(_ folder: FilePath) async throws -> Bool {
        try await numbers(ClusterFolder(folder).conninfo(database: "earshot")) == [1]
    }

    @Test("a server that outlived its program is used again, and programs that share one stop it together")
    func shared() async throws {
        try await withFolder { folder in
            let first = PrivateCluster(folder: folder, isDurable: false)
            let conninfo = try await first.start()
            let running = try process(folder)
            let second = PrivateCluster(folder: folder, isDurable: false)
            #expect(try await second.start() == conninfo)
            #expect(try process(folder) == running)
            await first.stop()
            try await add(1, conninfo)
            await second.stop()
            #expect(!isRunning(running))
        }
    }

    @Test("an attempt to make the data that was killed half-way does not stand in the way")
    func unfinished() async throws {
        try await withFolder { folder in
            let rest = folder.appending("data.new")
            try FileManager.default.createDirectory(atPath: rest.string, withIntermediateDirectories: true)
            try "rest".write(toFile: rest.appending("PG_VERSION").string, atomically: true, encoding: .utf8)
            let cluster = PrivateCluster(folder: folder, isDurable: false)
            try await add(1, cluster.start())
            await cluster.stop()
        }
    }

    @Test("a process number that now belongs to another program does not stand in the way")
    func recycledNumber() async throws {
        try await withFolder { folder in
            let cluster = PrivateCluster(folder: folder, isDurable: false)
            try await add(1, cluster.start())
            await cluster.stop()
            let file = folder.appending("data/postmaster.pid").string
            try "\(getpid())\n\(folder)/data\n1\n5432\n/tmp\n\n\nready\n".write(toFile: file, atomically: true, encoding: .utf8)
            let conninfo = try await cluster.start()
            #expect(try await numbers(conninfo) == [1])
            await cluster.stop()
        }
    }

    @Test(
        "a folder with a long path or odd characters works",
        arguments: ["-" + String(repeating: "long", count: 30), "-it's odd, ünïcode"]
    )
    func oddPaths(name: String) async throws {
        try await withFolder(name) { folder in
            let cluster = PrivateCluster(folder: folder, isDurable: false)
            let conninfo = try await cluster.start()
            try await add(1, conninfo)
            let socketFolder = try #require(conninfo.split(separator: "'").dropFirst().first)
            #expect(socketFolder.hasPrefix("/tmp/earshot-"))
            await cluster.stop()
            #expect(!FileManager.default.fileExists(atPath: String(socketFolder)))
            #expect(try await numbers(cluster.start()) == [1])
            await cluster.stop()
        }
    }

    @Test("data of a PostgreSQL that is not installed are refused with its version")
    func version() async throws {
        try await withFolder { folder in
            let data = folder.appending("data")
            try FileManager.default.createDirectory(atPath: data.string, withIntermediateDirectories: true)
            try "8\n".write(toFile: data.appending("PG_VERSION").string, atomically: true, encoding: .utf8)
            let error = await #expect(throws: PostgresError.self) { try await PrivateCluster(folder: folder).start() }
            #expect(error.map { "\($0)" }?.contains("PostgreSQL 8") == true)
        }
    }
}

extension PrivateCluster {
    /// Ends a server that a failed test left running.
    fileprivate func end() async {
        guard FileManager.default.fileExists(atPath: folder.data.appending("postmaster.pid").string) else { return }
        if (try? await start()) != nil { await stop() }
    }
}
