import Foundation
import SystemPackage

/// The built `earshot` with all its parts in one process, with its own ports and data.
package actor RunningEarshot {
    /// The data folder.
    package nonisolated let dataFolder: FilePath
    /// The API itself.
    package nonisolated let api: EarshotAPI
    /// The API through the website.
    package nonisolated let website: EarshotAPI
    /// The address of the website's root.
    package nonisolated let websiteAddress: String

    private let folder: FilePath
    private let log: FilePath
    private let environment: [String: String?]
    private var process: ChildProcess?
    private var watch: ProcessGuard?

    /// The built program, which is stored beside the tests; EARSHOT_PROGRAM names another one, such as the release build.
    package static let executable =
        ProcessInfo.processInfo.environment["EARSHOT_PROGRAM"].map { FilePath($0) }
        ?? FilePath(Bundle.module.bundlePath).removingLastComponent().appending("earshot")

    /// The demo model, which is stored beside the program.
    package static let demoModel = executable.removingLastComponent().appending("earshot_ModelLibrary.resources/demo/ggml-demo-q8_0.bin")

    /// Variables that would point a process under test to the developer's own data.
    private static let foreign = [
        "BACKEND_URL", "DATABASE_URL", "DATABASE_URL_FILE", "EARSHOT_ENV_FILE", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
        "MAX_DURATION_SECONDS", "MAX_FILE_SIZE_MB", "MODELS_DIR", "UPLOAD_DIR", "WEB_ROOT",
        "WHISPER_MODEL", "WHISPER_LANES", "JOB_TIME_LIMIT_SECONDS", "PREPARE_AHEAD_MINUTES", "MODEL_HUB_URL", "MODEL_IDLE_SECONDS",
        "MODEL_MEMORY_MB",
        "PRELOAD_MODELS", "FORCE_DOWNLOAD", "KEEP_API_TRANSCRIPTIONS", "UPLOAD_EXPIRY_HOURS", "UPLOAD_STALL_SECONDS",
        "MAX_EDIT_SIZE_MB", "MEDIA_TOOLS", "MEDIA_WAIT_SECONDS", "SEARCH_TIME_LIMIT_SECONDS", "EVENTS_KEPT", "IMPORT_URLS",
        "IMPORT_TIMEOUT_SECONDS", "IMPORT_ALLOW_PRIVATE", "ALLOWED_HOSTS", "ALLOWED_ORIGINS", "TRUSTED_PROXIES", "MAX_CONNECTIONS",
        "REQUEST_HEAD_SECONDS", "DRAIN_SECONDS", "MAX_OPEN_UPLOADS",
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy",
    ]

    /// The environment of a program under test: the tests' own without settings of Earshot.
    ///
    /// The engine gets one thread: several threads spin at barriers, which is slow beside other tests.
    package static func environment(dataFolder: FilePath) -> [String: String?] {
        let none: [String: String?] = Dictionary(uniqueKeysWithValues: foreign.map { ($0, nil) })
        return none.merging(["EARSHOT_DATA": dataFolder.string, "WHISPER_THREADS": "1"]) { $1 }
    }

    /// Earshot did not start.
    package struct DidNotStart: Error, CustomStringConvertible {
        let reason: String
        let log: String
        /// The reason and the end of the log.
        package var description: String { "earshot did not start: \(reason)\n\(log.suffix(4000))" }
    }

    /// Starts Earshot, runs the work, and stops Earshot with its database however the work ends; the data is removed.
    package static func with<Value>(
        environment: [String: String] = [:],
        isolation: isolated (any Actor)? = #isolation,
        _ work: (RunningEarshot) async throws -> Value
    ) async throws -> Value {
        let earshot = try RunningEarshot(environment: environment)
        do {
            try await earshot.start()
            let value = try await work(earshot)
            await earshot.stop()
            return value
        } catch {
            await earshot.stop()
            throw error
        }
    }

    private init(environment: [String: String]) throws {
        guard FileManager.default.isExecutableFile(atPath: Self.executable.string) else {
            throw DidNotStart(reason: "\(Self.executable) has not been built", log: "")
        }
        folder = try TemporaryFolder.make()
        dataFolder = folder.appending("data")
        let logFolder = ProcessInfo.processInfo.environment["EARSHOT_TEST_LOGS"].map { FilePath($0) } ?? folder
        log = logFolder.appending("\(folder.lastComponent?.string ?? "earshot").log")
        let (apiPort, webPort) = (try FreePort.find(), try FreePort.find())
        api = EarshotAPI(HTTPServer(address: "http://127.0.0.1:\(apiPort)", contract: .shared))
        websiteAddress = "http://127.0.0.1:\(webPort)"
        website = EarshotAPI(HTTPServer(address: websiteAddress))
        let own = [
            "API_HOST": "127.0.0.1", "API_PORT": "\(apiPort)", "WEB_HOST": "127.0.0.1", "WEB_PORT": "\(webPort)", "LOG_LEVEL": "debug",
        ]
        let given = environment.mapValues { Optional($0) }
        self.environment = Self.environment(dataFolder: dataFolder).merging(own.mapValues { Optional($0) }) { $1 }.merging(given) { $1 }
    }

    /// Starts the process on its existing data and waits until it answers.
    ///
    /// - Parameter settings: Settings of this start alone.
    package func start(_ settings: [String: String] = [:], within limit: Duration = .seconds(60)) async throws {
        let process = try await ChildProcess.start(
            Self.executable,
            ["serve", "--all"],
            environment: environment.merging(settings.mapValues { Optional($0) }) { $1 },
            folder: folder,
            log: log
        )
        self.process = process
        watch?.dismiss()
        watch = try ProcessGuard(of: process.id, folder: dataFolder)
        try? await eventually(within: limit) {
            guard process.isRunning else { return true }
            return await isReady
        }
        guard await isReady else {
            let reason = process.isRunning ? "it does not answer" : "it ended by itself"
            throw DidNotStart(reason: reason, log: process.output)
        }
        try await APIContract.shared.load(from: api.server)
    }

    /// The process's number; nil once it has ended.
    package var processID: Int32? { process.flatMap { $0.isRunning ? $0.id : nil } }

    /// The number of the process that recognizes speech; nil while there is none.
    package var workerProcessID: Int32? {
        get async throws {
            guard let id = processID else { return nil }
            let found = try await CommandLineProgram("pgrep", ["-P", "\(id)", "-f", "worker --supervised"]).run()
            return found.output.split(separator: "\n").first.flatMap { Int32($0) }
        }
    }

    /// Whether API and website answer.
    private var isReady: Bool {
        get async {
            let health = try? await api.server.ask("GET", "/api/v1/health", within: .seconds(5))
            let page = try? await website.server.ask("GET", "/", within: .seconds(5))
            return health?.status == 200 && page?.status == 200
        }
    }

    /// Stops the process (SIGTERM) and returns how it ended; throws if that takes longer than the limit.
    @discardableResult
    package func terminate(within limit: Duration = .seconds(30)) async throws -> ChildProcess.End? {
        process?.send(SIGTERM)
        return try await process?.end(within: limit)
    }

    /// Kills the process (SIGKILL); its child processes keep running.
    package func kill() async throws {
        process?.send(SIGKILL)
        try await process?.end(within: .seconds(10))
    }

    /// Runs one of the program's other commands with the same settings.
    ///
    /// - Parameter settings: Settings of this run alone.
    package func command(_ arguments: [String], settings: [String: String] = [:]) async throws -> CommandLineProgram.Outcome {
        let environment = environment.merging(settings.mapValues { Optional($0) }) { $1 }
        return try await CommandLineProgram(Self.executable.string, arguments, environment: environment, folder: folder).run()
    }

    /// The log of all its starts.
    package nonisolated var output: String { (try? String(decoding: log.contents(), as: UTF8.self)) ?? "" }

    /// The uploads on its disk, complete or not, by name.
    package nonisolated func storedFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: dataFolder.appending("uploads").string)
            .filter { !["spool", "lost", ".earshot-identity"].contains($0) }.sorted()
    }

    /// The names of the lost files on its disk.
    package nonisolated func lostFiles() throws -> [String] {
        let folder = dataFolder.appending("uploads/lost").string
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.contains("/") }.sorted()
    }

    /// Waits until the process has ended by itself, and returns how.
    package func end(within limit: Duration = .seconds(30)) async throws -> ChildProcess.End? {
        try await process?.end(within: limit)
    }

    /// The spools on its disk, by name.
    package nonisolated func spools() throws -> [String] {
        let folder = dataFolder.appending("uploads/spool").string
        return FileManager.default.fileExists(atPath: folder) ? try FileManager.default.contentsOfDirectory(atPath: folder) : []
    }

    /// The current and the highest memory of the process in bytes; nil where the system does not report it (Linux does).
    package func residentMemory() -> (now: Int, peak: Int)? {
        guard let process, let status = try? String(contentsOfFile: "/proc/\(process.id)/status", encoding: .utf8) else { return nil }
        func kilobytes(_ name: String) -> Int? {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        }
        guard let now = kilobytes("VmRSS"), let peak = kilobytes("VmHWM") else { return nil }
        return (now * 1024, peak * 1024)
    }

    /// Stops the process and its database, and removes its data.
    private func stop() async {
        await process?.stop(within: .seconds(30))
        await stopDatabase()
        watch?.dismiss()
        try? FileManager.default.removeItem(atPath: folder.string)
    }

    /// The processes of the private database, the first of them its postmaster; the first line of its lock file names it.
    package func databaseProcessIDs() async -> [Int32] {
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: dataFolder.string)) ?? []
        for file in files where file.hasSuffix("postmaster.pid") {
            let content = (try? String(contentsOfFile: dataFolder.appending(file).string, encoding: .utf8)) ?? ""
            guard let id = content.split(separator: "\n").first.flatMap({ Int32($0) }), id > 1 else { continue }
            let children = try? await CommandLineProgram("pgrep", ["-P", "\(id)"]).run()
            return [id] + (children?.output.split(separator: "\n").compactMap { Int32($0) } ?? [])
        }
        return []
    }

    /// Sends a signal to every process of the private database.
    package func signalDatabase(_ signal: Int32) async {
        for id in await databaseProcessIDs() { _ = Foundation.kill(id, signal) }
    }

    /// Stops the database alone. A process that was killed leaves it running; the first line of its lock file names it.
    package func stopDatabase() async {
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: dataFolder.string)) ?? []
        for file in files where file.hasSuffix("postmaster.pid") {
            let path = dataFolder.appending(file).string
            let content = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            guard let id = content.split(separator: "\n").first.flatMap({ Int32($0) }), id > 1 else { continue }
            _ = Foundation.kill(id, SIGINT)
            try? await eventually(within: .seconds(20)) { !FileManager.default.fileExists(atPath: path) }
        }
    }
}
