import AsyncHTTPClient
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// Sends the website's own requests to the API.
struct APIClient: Service {
    /// Base URL without a slash at its end.
    let base: String
    let client: HTTPClient

    /// Creates an HTTP client, which lives until the service stops.
    init(base: String, idleLimit: Duration) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5), read: TimeAmount(idleLimit), write: TimeAmount(idleLimit))
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.idleTimeout = .seconds(15)
        configuration.connectionPool.retryConnectionEstablishment = false
        // Each open event stream holds a connection: with the usual limit of eight, the ninth page would wait forever.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 4096
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func run() async throws {
        try? await gracefulShutdown()
        try await client.shutdown()
    }

    /// Reads a value from the API; throws a `Problem` with the API's own words when it refuses.
    func value<Value: Decodable>(at path: String, as type: Value.Type = Value.self) async throws -> Value {
        let (_, body) = try await answer(to: HTTPClientRequest(url: base + path))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(body.readableBytesView))
    }

    /// Sends a DELETE; throws a `Problem` when the API refuses.
    func delete(_ path: String) async throws {
        var request = HTTPClientRequest(url: base + path)
        request.method = .DELETE
        _ = try await answer(to: request)
    }

    /// Sends a POST without a body; throws a `Problem` when the API refuses.
    func post(_ path: String) async throws {
        var request = HTTPClientRequest(url: base + path)
        request.method = .POST
        _ = try await answer(to: request)
    }

    /// The status and whole body (at most 64 MiB) of a good answer within a minute.
    private func answer(to request: HTTPClientRequest) async throws -> (HTTPResponseStatus, ByteBuffer) {
        do {
            let response = try await client.execute(request, timeout: .seconds(60))
            let body = try await response.body.collect(upTo: 64 << 20)
            guard (200..<300).contains(response.status.code) else { throw refusal(status: response.status, body: body) }
            return (response.status, body)
        } catch {
            throw problem(for: error)
        }
    }

    /// The API's refusal in its own words.
    func refusal(status: HTTPResponseStatus, body: ByteBuffer) -> Problem {
        if status == .notFound { return .notFound }
        let words = try? JSONDecoder().decode(Refusal.self, from: Data(body.readableBytesView))
        return Problem(
            status: .init(code: Int(status.code)),
            code: words?.code ?? "request_refused",
            title: status.code < 500 ? "The request was refused" : "Earshot's API reported an error",
            detail: words?.detail ?? "It answered \(status.code) \(status.reasonPhrase) and gave no reason."
        )
    }

    /// The `Problem` that describes a failed connection to the person who waits.
    func problem(for error: any Error) -> any Error {
        switch error {
        case is Problem, is CancellationError:
            return error
        case let error as HTTPClientError where error == .cancelled:
            return CancellationError()
        case let error as HTTPClientError where error == .readTimeout || error == .writeTimeout || error == .deadlineExceeded:
            return Problem.apiTimedOut
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return Problem.apiBrokeOff
        default:
            return Problem.apiUnreachable(base)
        }
    }
}

/// The API's error body.
private struct Refusal: Decodable {
    let detail: String
    let code: String?
}
