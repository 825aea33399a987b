import Archive
import Foundation
import Logging
import ModelLibrary
import NIOCore
import Postgres
import Server
import ServiceLifecycle
import SystemPackage
import UnixSignals
import Website
import Worker

/// Connects the rooms and runs them: database, archive, hub, worker, API and website; stops them in the opposite order.
struct Assembly: Service {
    let settings: Settings
    let roles: Roles

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
        if roles.isDisjoint(with: [.api, .worker]) { return try await runServices([try website(backend: settings.backendURL)]) }
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
        let archive = Archive(database: database, reserve: reserve, folder: try RecordingFolder(settings.uploadFolder))
        let housekeeping = archive.housekeeping(uploadLifetime: settings.uploadLifetime, eventsKept: settings.eventsKept)
        if roles.contains(.api) { try await housekeeping.removeAbandonedFiles() }
        let hub = EventHub(listener: NotificationListener(databaseURL))
        let models = ModelLibrary(folder: settings.modelFolder, preferred: settings.model)

        var services: [any Service] = [cluster].compactMap { $0 } + [hub]
        if roles.contains(.worker) {
            services.append(
                Worker(
                    queue: archive.queue,
                    blocks: archive.blocks,
                    recordings: archive.recordings.folder,
                    registry: archive.workers,
                    hub: hub,
                    models: models,
                    settings: workerSettings
                )
            )
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
            let server = Server(
                archive: archive,
                hub: hub,
                models: models,
                downloads: downloads,
                settings: serverSettings,
                checks: healthChecks(archive.status, models)
            )
            let application = try server.application { port in
                Announcement.listening("API", host: settings.apiHost, port: port, path: "/api/v1/health")
            }
            services.append(Listening(server: application, port: settings.apiPort, setting: "API_PORT"))
        }
        if roles.contains(.website) {
            services.append(try website(backend: settings.backendURL ?? "http://\(settings.apiHost):\(settings.apiPort)"))
        }
        try await runServices(services)
        await database.close()
        await reserve.close()
    }

    /// What the answers about health look at.
    private func healthChecks(_ status: ArchiveStatus, _ models: ModelLibrary) -> [HealthCheck] {
        [
            .database(status),
            .folder(status),
            .space(status),
            .model(models),
            .queue(status),
            .workers(status, patience: settings.timeLimit ?? .seconds(3600)),
        ]
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

    private func website(backend: String?) throws -> any Service {
        let settings = WebsiteSettings(
            host: settings.webHost,
            port: settings.webPort,
            api: backend ?? "http://127.0.0.1:8001",
            webRoot: settings.webRoot
        )
        let application = try Website(settings: settings).application { channel in
            Announcement.listening("Website", host: settings.host, port: channel.localAddress?.port ?? settings.port, path: "")
        }
        return Listening(server: application, port: settings.port, setting: "WEB_PORT")
    }

    /// The prefix of the names of workers on this machine or in this container.
    static var machineName: String { ProcessInfo.processInfo.hostName }

    private var workerSettings: WorkerSettings {
        WorkerSettings(
            name: "\(Self.machineName)/\(ProcessInfo.processInfo.processIdentifier)",
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

    private var serverSettings: ServerSettings {
        var server = ServerSettings(
            version: Earshot.version,
            host: settings.apiHost,
            port: settings.apiPort,
            maximumUploadBytes: settings.maximumUploadBytes,
            maximumDuration: settings.maximumDuration
        )
        server.maximumEditBytes = settings.maximumEditBytes
        server.longestSilence = settings.longestSilence
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
