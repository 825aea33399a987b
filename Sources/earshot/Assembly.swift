import Archive
import Audio
import Foundation
import HTTPSupport
import Logging
import ModelLibrary
import NIOCore
import Postgres
import Server
import ServiceLifecycle
import SystemPackage
import Transcripts
import UnixSignals
import Website
import Worker

/// Connects the rooms and runs them: database, archive, hub, worker, API and website; stops them in the opposite order.
struct Assembly: Service {
    let settings: Settings
    let roles: Roles
    /// Whether this process is the worker that another one supervises.
    private let isSupervised: Bool
    /// The deadline that the servers share when the process stops.
    private let drain: Drain

    init(settings: Settings, roles: Roles, isSupervised: Bool = false) {
        self.settings = settings
        self.roles = roles
        self.isSupervised = isSupervised
        drain = Drain(limit: settings.drainLimit)
    }

    /// Runs until SIGINT or SIGTERM.
    func runUntilStopped() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: self, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger.current
            )
        )
        try await group.run()
    }

    func run() async throws {
        MediaGate.configure(places: settings.mediaTools, patience: settings.mediaWait)
        if roles.isDisjoint(with: [.api, .worker]) {
            return try await runServices([try website(backend: settings.backendURL)] + signsOfLife(database: nil))
        }
        if let url = settings.databaseURL { return try await run(databaseURL: url) }

        // As root, Earshot runs the database as an unprivileged user, who must be able to read this folder.
        try FileManager.default.createDirectory(atPath: settings.dataFolder.string, withIntermediateDirectories: true)
        let cluster = PrivateCluster(folder: settings.dataFolder.appending("postgres"), restarts: settings.databaseRestarts)
        let url = try await cluster.start()
        do {
            try await run(databaseURL: url, cluster: cluster)
        } catch {
            await cluster.stop()
            throw error
        }
        await cluster.stop()
    }

    /// - Parameter cluster: The private server, if it is one.
    private func run(databaseURL: String, cluster: PrivateCluster? = nil) async throws {
        let database = Database(databaseURL, connections: settings.databaseConnections, limits: settings.databaseLimits)
        // Leases and health must not wait behind requests.
        let reserve = Database(databaseURL, connections: 2, limits: settings.databaseLimits)
        try await database.waitUntilReady(timeout: .seconds(60))
        try await Archive.migrate(database)
        let archive = Archive(database: database, reserve: reserve, folder: try recordingFolder)
        try await archive.identity.check()
        let housekeeping = archive.housekeeping(
            uploadLifetime: settings.uploadLifetime,
            eventsKept: settings.eventsKept,
            lostFilesKept: settings.lostFilesKept
        )
        if roles.contains(.api) { try await housekeeping.restoreOrder() }
        let hub = EventHub(listener: NotificationListener(databaseURL))
        let models = ModelLibrary(folder: settings.modelFolder, preferred: settings.model)

        var services: [any Service] = [cluster].compactMap { $0 } + [hub]
        if roles.contains(.worker) {
            services.append(isSupervised ? worker(archive, hub: hub, models: models) : workerProcess(archive, databaseURL: databaseURL))
        }
        if roles.contains(.api) {
            let downloader = ModelDownloader(folder: settings.modelFolder, hub: settings.hubAddress)
            let downloads = ModelDownloads(
                events: archive.events,
                workers: archive.workers,
                library: archive.library,
                hub: hub,
                models: models,
                downloader: downloader,
                preload: settings.preload
            )
            services.append(downloads)
            services.append(housekeeping)
            let serverSettings = serverSettings
            let server = Server(
                archive: archive,
                hub: hub,
                models: models,
                downloads: downloads,
                settings: serverSettings,
                checks: healthChecks(archive, models)
            )
            let application = try server.application { port in
                Announcement.listening("API", host: settings.apiHost, port: port, path: "/api/v1/health")
            }
            services.append(server.lateAcceptance)
            services.append(
                Listening(
                    server: application,
                    port: settings.apiPort,
                    setting: "API_PORT",
                    drain: drain,
                    connections: serverSettings.connections.open
                )
            )
        }
        if roles.contains(.website) {
            services.append(try website(backend: settings.backendURL ?? "http://\(settings.apiHost):\(settings.apiPort)"))
        }
        try await runServices(services + signsOfLife(database: database))
        await database.close()
        await reserve.close()
    }

    /// What the answers about health look at.
    private func healthChecks(_ archive: Archive, _ models: ModelLibrary) -> [HealthCheck] {
        let status = archive.status
        return [
            .database(status),
            .folder(status),
            .space(status),
            .model(models),
            .queue(status),
            .workers(status, patience: settings.timeLimit ?? .seconds(3600)),
            .holds(archive.workers),
            .deletions(archive.doomedFiles),
            .lostFiles(archive.lostFiles),
        ]
    }

    /// The service that reports to systemd, if it has started this process.
    private func signsOfLife(database: Database?) -> [any Service] {
        guard !isSupervised, let manager = ServiceManager() else { return [] }
        let address: String? =
            if roles.contains(.api) {
                Self.localAddress(host: settings.apiHost, port: settings.apiPort) + "/health/live"
            } else if roles.contains(.website) {
                // The website serves this file without the API.
                Self.localAddress(host: settings.webHost, port: settings.webPort) + "/favicon.ico"
            } else {
                nil
            }
        return [
            SignsOfLife(manager: manager, address: address, workers: roles == .worker ? database : nil, machine: Self.machineName)
        ]
    }

    /// The address at which this process reaches a server of its own.
    private static func localAddress(host: String, port: Int) -> String {
        switch host {
        case "0.0.0.0": "http://127.0.0.1:\(port)"
        case "::": "http://[::1]:\(port)"
        default: host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
        }
    }

    /// Runs services concurrently until the outer group stops; the last in the list stops first.
    private func runServices(_ services: [any Service]) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) },
                logger: Logger.current
            )
        )
        try await group.run()
    }

    /// The worker itself, in a supervised process.
    private func worker(_ archive: Archive, hub: EventHub, models: ModelLibrary) -> any Service {
        Worker(
            queue: archive.queue,
            blocks: archive.blocks,
            recordings: archive.recordings.folder,
            registry: archive.workers,
            hub: hub,
            models: models,
            settings: workerSettings
        )
    }

    /// A process with a worker, which has the same settings and the same database.
    private func workerProcess(_ archive: Archive, databaseURL: String) -> any Service {
        WorkerProcess(
            queue: archive.queue,
            registry: archive.workers,
            machine: Self.machineName,
            arguments: WorkerCommand.supervisedArguments,
            environment: [Settings.list.databaseURL.name: databaseURL, Settings.list.databaseURL.fileName: ""],
            stopGrace: settings.stopGrace
        )
    }

    private func website(backend: String?) throws -> any Service {
        var website = WebsiteSettings(
            host: settings.webHost,
            port: settings.webPort,
            api: backend ?? "http://127.0.0.1:8001",
            webRoot: settings.webRoot
        )
        website.access = settings.access
        website.connections = connectionSettings
        let settings = website
        let application = try Website(settings: settings).application { channel in
            Announcement.listening("Website", host: settings.host, port: channel.localAddress?.port ?? settings.port, path: "")
        }
        return Listening(
            server: application,
            port: settings.port,
            setting: "WEB_PORT",
            drain: drain,
            connections: settings.connections.open
        )
    }

    /// The prefix of the names of workers on this machine or in this container.
    static var machineName: String { ProcessInfo.processInfo.hostName }

    private var recordingFolder: RecordingFolder {
        get throws {
            try RecordingFolder(settings.uploadFolder, prepareAhead: Timestamp(milliseconds: settings.prepareAheadMinutes * 60_000))
        }
    }

    private var workerSettings: WorkerSettings {
        WorkerSettings(
            name: WorkerProcess.name(machine: Self.machineName, process: ProcessInfo.processInfo.processIdentifier),
            lease: settings.lease,
            timeLimit: settings.timeLimit,
            stopGrace: settings.stopGrace,
            threads: settings.threads,
            lanes: settings.lanes,
            maximumDuration: settings.maximumDuration,
            modelMemory: settings.modelMemory,
            idleTimes: settings.idleTimes,
            cacheFolder: settings.cacheFolder
        )
    }

    /// The limits of the connections of one server.
    private var connectionSettings: ConnectionSettings {
        ConnectionSettings(
            maximum: settings.maximumConnections ?? OpenFiles.connections(servers: roles.contains([.api, .website]) ? 2 : 1),
            headLimit: settings.headLimit,
            longestSilence: settings.longestSilence
        )
    }

    var serverSettings: ServerSettings {
        var server = ServerSettings(
            version: Earshot.version,
            host: settings.apiHost,
            port: settings.apiPort,
            maximumUploadBytes: settings.maximumUploadBytes,
            maximumDuration: settings.maximumDuration
        )
        server.maximumEditBytes = settings.maximumEditBytes
        server.access = settings.access
        server.connections = connectionSettings
        server.maximumOpenUploads = settings.maximumOpenUploads
        server.uploadLifetime = settings.uploadLifetime
        server.imports = settings.imports
        server.keepsAwaitedTranscriptions = settings.keepsAwaitedTranscriptions
        server.searchTimeLimit = settings.searchTimeLimit
        server.heavyRequests = settings.heavyRequests ?? ProcessInfo.processInfo.activeProcessorCount
        server.heavyRequestsWaiting = settings.heavyRequestsWaiting
        server.heavyRequestWait = settings.heavyRequestWait
        return server
    }
}

/// Prints the addresses of the servers.
enum Announcement {
    static func listening(_ what: String, host: String, port: Int, path: String) {
        let shown = host == "127.0.0.1" || host == "0.0.0.0" ? "localhost" : host
        print("\(what): http://\(shown):\(port)\(path)")
        fflush(nil)
    }
}
