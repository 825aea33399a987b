import AsyncHTTPClient
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import TestSupport
import Website

typealias APIRouter = Router<BasicRequestContext>

/// Runs a website before a small real API, both on free ports, for as long as the work takes.
func withWebsite(
    before routes: (APIRouter) -> Void,
    access: AccessRules = AccessRules(),
    _ work: (Visitor) async throws -> Void
) async throws {
    let router = Router()
    routes(router)
    try await withServer { onServerRunning in
        Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: onServerRunning,
            logger: Logger.current
        )
    } work: { api in
        try await withWebsite(api: api, access: access, work)
    }
}

/// Runs a website on a free port before an API at an address.
func withWebsite(
    api: String,
    logger: Logger = .silent,
    access: AccessRules = AccessRules(),
    _ work: (Visitor) async throws -> Void
) async throws {
    var settings = WebsiteSettings(port: 0, api: api)
    settings.access = access
    let website = Website(settings: settings)
    try await withServer(logger: logger) { onServerRunning in
        try website.application(onServerRunning: onServerRunning)
    } work: { address in
        try await work(Visitor(address: address))
    }
}

private func withServer(
    logger: Logger = .silent,
    _ make: (@escaping @Sendable (any Channel) async -> Void) throws -> some ApplicationProtocol,
    work: (String) async throws -> Void
) async throws {
    let (ports, announcer) = AsyncStream<Int>.makeStream()
    let server = try withLogger(logger) { _ in
        try make { channel in
            if let port = channel.localAddress?.port { announcer.yield(port) }
        }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { announcer.finish() }
            try await server.run()
        }
        guard let port = await ports.first(where: { _ in true }) else { return try await group.waitForAll() }
        try await work("http://127.0.0.1:\(port)")
        group.cancelAll()
    }
}

extension Logger {
    /// Writes nothing.
    static var silent: Logger { Logger(label: "silence") { _ in SwiftLogNoOpLogHandler() } }
}

/// Someone who asks a website; follows no redirects and opens a connection for each visitor anew.
struct Visitor {
    /// What came back, read to its end.
    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        /// The values of a header, joined.
        subscript(_ name: String) -> String? {
            headers.contains(name: name) ? headers[name].joined(separator: ", ") : nil
        }
    }

    let address: String

    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Asks, and returns as soon as the answer begins.
    func begin(
        _ path: String,
        by method: HTTPMethod = .GET,
        headers: HTTPHeaders = [:],
        body: HTTPClientRequest.Body? = nil
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address + path)
        request.method = method
        request.headers = headers
        request.body = body
        return try await Self.client.execute(request, timeout: .seconds(120))
    }

    /// Asks, and reads the whole answer.
    func ask(
        _ path: String,
        by method: HTTPMethod = .GET,
        headers: HTTPHeaders = [:],
        body: HTTPClientRequest.Body? = nil
    ) async throws -> Answer {
        let response = try await begin(path, by: method, headers: headers, body: body)
        let bytes = try await response.body.collect(upTo: 16 << 20)
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }
}

/// What an API received, noted by its handlers for the test.
actor Notes {
    private(set) var lines: [String] = []
    private(set) var bytes = 0

    func add(_ line: String) {
        lines.append(line)
    }

    func add(bytes count: Int) {
        bytes += count
    }

    func has(_ line: String) -> Bool {
        lines.contains(line)
    }
}

/// An answer in JSON.
func json(_ text: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
    var headers = headers
    headers[.contentType] = "application/json; charset=utf-8"
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
}
