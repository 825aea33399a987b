import AsyncHTTPClient
import HTTPSupport
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import SystemPackage

/// Where the website listens, which API it shows, and where its files are stored.
package struct WebsiteSettings: Sendable {
    package var host: String
    /// Port to bind; 0 takes a free one.
    package var port: Int
    /// Base URL of the API, such as `http://127.0.0.1:8001`.
    package var api: String
    /// A folder with `pages`, `styles`, `scripts` and `images` that is read anew for each request; nil for the built-in one.
    package var webRoot: FilePath?
    /// How long a proxied request may stay without a byte in either direction.
    package var idleLimit: Duration
    /// Which requests are answered.
    package var access = AccessRules()
    /// The limits of connections.
    package var connections = ConnectionSettings()

    /// Creates settings; the defaults suit a system that runs on one machine.
    package init(
        host: String = "127.0.0.1",
        port: Int = 4200,
        api: String = "http://127.0.0.1:8001",
        webRoot: FilePath? = nil,
        idleLimit: Duration = .seconds(3600)
    ) {
        self.host = host
        self.port = port
        self.api = api
        self.webRoot = webRoot
        self.idleLimit = idleLimit
    }
}

/// The pages for people and the proxy for programs, in front of the API.
package struct Website: Sendable {
    package let settings: WebsiteSettings

    /// Creates a website that does nothing until its application runs.
    package init(settings: WebsiteSettings) {
        self.settings = settings
    }

    /// The HTTP server as a service; throws if a template does not parse. Run it once: it holds an HTTP client.
    package func application(
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
        let folder = try WebFolderSource(root: settings.webRoot)
        let api = APIClient(base: settings.api, idleLimit: settings.idleLimit)
        return Application(
            router: router(folder: folder, api: api),
            server: .limited(settings.connections),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: ConnectionCap(settings.connections.maximum, logger: Logger.current)
            ),
            services: [api],
            onServerRunning: onServerRunning,
            logger: Logger.current
        )
    }

    /// Every path that the website answers.
    private func router(folder: WebFolderSource, api: APIClient) -> Router<WebsiteContext> {
        let router = Router(context: WebsiteContext.self, options: .autoGenerateHeadEndpoints)
        let access = settings.access.listening(on: settings.host)
        router.add(middleware: CrossOrigin(access))
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ErrorPages(folder: folder))
        router.add(middleware: AccessGuard(access))
        router.add(middleware: ContinueAnswer())
        let proxy = Proxy(api: api, access: access)
        router.add(middleware: proxy)
        let pages = PageRoutes(folder: folder, api: api, proxy: proxy)
        router.get("/", use: pages.upload)
        router.post("/upload", use: pages.receiveUpload)
        router.get("/library", use: pages.library)
        router.get("/transcriptions/:id", use: pages.transcription)
        router.get("/transcriptions/:id/delete", use: pages.confirmDeletion)
        router.post("/transcriptions/:id/delete", use: pages.delete)
        router.post("/transcriptions/:id/restore/:removal", use: pages.restore)
        router.post("/transcriptions/:id/do/:action", use: pages.control)
        router.get("/recordings/:id", use: pages.formerAddress)
        router.get("/assets/**", use: AssetRoutes(folder: folder).asset)
        router.get("/favicon.ico", use: AssetRoutes(folder: folder).favicon)
        return router
    }
}

/// A request's context, with the connection that it arrived on.
struct WebsiteContext: ConnectedContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
