import Archive
import HTTPSupport
import Hummingbird
import HummingbirdCore
import Logging
import ModelLibrary
import NIOCore
import ServiceLifecycle

/// The operator's settings of the API.
package struct ServerSettings: Sendable {
    package var version: String
    /// The address to listen on.
    package var host: String
    /// The port to listen on; 0 for any free one.
    package var port: Int
    /// The largest upload to accept, in bytes; nil if only the disk limits it.
    package var maximumUploadBytes: Int64?
    /// The largest edit to accept in one request, in bytes of JSON; the text of ten hours has a few millions.
    package var maximumEditBytes = 16_000_000
    /// The longest recording to accept; nil for no limit.
    package var maximumDuration: Duration?
    /// Which requests are answered.
    package var access = AccessRules()
    /// The limits of connections.
    package var connections = ConnectionSettings()
    /// How long a resumable upload is kept while no bytes arrive.
    package var uploadLifetime = Duration.seconds(86_400)
    /// How many resumable uploads may be unfinished at once.
    package var maximumOpenUploads = 1000
    /// Whether a transcription stays in the library whose client waited for it in the same request, as clients of OpenAI's API do.
    package var keepsAwaitedTranscriptions = true
    /// The limits of imports from web addresses; nil if imports are disabled.
    package var imports: ImportSettings?
    /// The time limit of each step of a search.
    package var searchTimeLimit = Duration.seconds(5)
    /// How many requests about large texts are worked on at the same time.
    package var heavyRequests = 2
    /// How many more of them may wait.
    package var heavyRequestsWaiting = 50
    /// How long each of them may wait.
    package var heavyRequestWait = Duration.seconds(60)

    package init(version: String, host: String, port: Int, maximumUploadBytes: Int64? = nil, maximumDuration: Duration? = nil) {
        self.version = version
        self.host = host
        self.port = port
        self.maximumUploadBytes = maximumUploadBytes
        self.maximumDuration = maximumDuration
    }
}

/// The HTTP API: thin routes over the archive.
package struct Server: Sendable {
    let archive: Archive
    let hub: EventHub
    let models: ModelLibrary
    let downloads: ModelDownloads
    let settings: ServerSettings
    let checks: [HealthCheck]

    /// - Parameter checks: What the answers about health look at, in their order.
    package init(
        archive: Archive,
        hub: EventHub,
        models: ModelLibrary,
        downloads: ModelDownloads,
        settings: ServerSettings,
        checks: [HealthCheck] = []
    ) {
        self.archive = archive
        self.hub = hub
        self.models = models
        self.downloads = downloads
        self.settings = settings
        self.checks = checks
    }

    var uploadAcceptance: UploadAcceptance {
        UploadAcceptance(uploads: archive.uploads, recordings: archive.recordings, models: models, settings: settings)
    }

    /// The service that accepts resumable uploads whose acceptance was interrupted.
    package var lateAcceptance: some Service { uploadAcceptance }

    /// The API as a service.
    ///
    /// - Parameter onRunning: Is called with the port when the server accepts connections.
    /// - Throws: An error if the API's description cannot be read.
    package func application(onRunning: @escaping @Sendable (Int) async -> Void = { _ in }) throws -> some ApplicationProtocol {
        Application(
            router: try router(),
            server: .limited(settings.connections),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                serverName: "Earshot",
                availableConnectionsDelegate: ConnectionCap(settings.connections.maximum, logger: Logger.current)
            ),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? settings.port) },
            logger: Logger.current
        )
    }
}
