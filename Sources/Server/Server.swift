import Archive
import HTTPSupport
import Hummingbird
import HummingbirdCore
import Logging
import ModelLibrary
import NIOCore
import ServiceLifecycle

/// What the operator may set for the API.
package struct ServerSettings: Sendable {
    /// The program's version, as it tells it.
    package var version: String
    /// The address to listen on.
    package var host: String
    /// The port to listen on; 0 for any free one.
    package var port: Int
    /// The largest upload to accept, in bytes; nil for no limit but the disk.
    package var maximumUploadBytes: Int64?
    /// The largest edited text to accept in one request, in bytes of JSON; ten hours of speech have a few millions.
    package var maximumEditBytes = 16_000_000
    /// The longest recording to accept; nil for any.
    package var maximumDuration: Duration?
    /// How long a client may say nothing while a request of its is still coming; its connection is closed then.
    package var longestSilence = Duration.seconds(60)
    /// How long an upload in several requests is kept while nothing comes.
    package var uploadLifetime = Duration.seconds(86_400)
    /// Whether a transcription stays in the library that a client waited for in one request, as those of OpenAI's API do.
    package var keepsAwaitedTranscriptions = true
    /// What imports from web addresses may do; nil for none.
    package var imports: ImportSettings?
    /// How long each step of a search may take.
    package var searchTimeLimit = Duration.seconds(5)

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
    let desk: ModelDownloads
    let settings: ServerSettings

    package init(archive: Archive, hub: EventHub, models: ModelLibrary, desk: ModelDownloads, settings: ServerSettings) {
        self.archive = archive
        self.hub = hub
        self.models = models
        self.desk = desk
        self.settings = settings
    }

    /// The API as a service; `onRunning` is called with the port once it accepts connections.
    ///
    /// Throws where the API's own description can't be read.
    package func application(onRunning: @escaping @Sendable (Int) async -> Void = { _ in }) throws -> some ApplicationProtocol {
        Application(
            router: try router(),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionWatch()],
                    idleTimeout: TimeAmount(settings.longestSilence)
                )
            ),
            configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.port), serverName: "Earshot"),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? settings.port) },
            logger: Logger.current
        )
    }
}
