import AsyncHTTPClient
import Basics
import Foundation
import NIOCore
import NIOHTTP1

/// A server for models with the paths of huggingface.co: huggingface.co itself, or a mirror.
struct Hub: Sendable {
    /// The name in error messages.
    let host: String
    private let base: String
    private let proxies: ProxySettings
    private let limits: DownloadLimits

    /// A hub with an address, which may have a path.
    init(address: String, proxies: ProxySettings, limits: DownloadLimits) throws(DownloadError) {
        guard let url = URL(string: address), ["http", "https"].contains(url.scheme?.lowercased()), let host = url.host(), !host.isEmpty,
            url.hasPossiblePort, url.query() == nil, url.fragment() == nil
        else { throw .badAddress(address) }
        self.host = host
        base = String(address.reversed().drop { $0 == "/" }.reversed())
        self.proxies = proxies
        self.limits = limits
    }

    /// Requests the file of a model and passes on the answer; resumes after the bytes that exist already if the file is still the same.
    ///
    /// Redirects are followed here, because the first answer describes the file, not the last.
    /// - Parameter start: The number of bytes that exist, and the file that they belong to; nil if none exist.
    /// - Throws: `DownloadError` for permanent failures, `Interruption` for temporary ones, `CancellationError`, and what `use` throws.
    func withFile<Value>(
        of model: CatalogueModel,
        from start: (file: HubFile, bytes: Int64)?,
        use: (HubAnswer) async throws -> Value
    ) async throws -> Value {
        var address = "\(base)/\(model.repository)/resolve/main/\(model.fileName)"
        var file = HubFile()
        for _ in 0...Self.mostRedirects {
            guard let url = URL(string: address) else { throw DownloadError.badRedirect(host: host) }
            let step = try await withAnswer(from: url, headers: headers(from: start, known: file)) { response -> Step<Value> in
                file.linkedTag = file.linkedTag ?? response.headers.first(name: "x-linked-etag")
                file.size = file.size ?? response.headers.first(name: "x-linked-size").flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 }
                if [301, 302, 303, 307, 308].contains(response.status.code) {
                    return .moved(to: try destination(of: response, from: url))
                }
                return .done(try await use(HubAnswer(response, file: file, fileName: model.fileName, host: host)))
            }
            switch step {
            case .moved(let next): address = next
            case .done(let value): return value
            }
        }
        throw DownloadError.badRedirect(host: host)
    }

    private enum Step<Value> {
        case moved(to: String)
        case done(Value)
    }

    private static let mostRedirects = 6

    private func headers(from start: (file: HubFile, bytes: Int64)?, known: HubFile) -> HTTPHeaders {
        var headers: HTTPHeaders = ["User-Agent": "earshot", "Accept-Encoding": "identity"]
        guard let start, start.bytes > 0 else { return headers }
        // The hub's own tag is the checksum of the file, so it alone decides, whichever server sends the bytes.
        if let tag = known.linkedTag, let oldTag = start.file.linkedTag {
            if tag == oldTag { headers.add(name: "Range", value: "bytes=\(start.bytes)-") }
        } else if let validator = start.file.validator {
            headers.add(name: "Range", value: "bytes=\(start.bytes)-")
            headers.add(name: "If-Range", value: validator)
        }
        return headers
    }

    private func destination(of response: HTTPClientResponse, from url: URL) throws -> String {
        guard let location = response.headers.first(name: "location"), let next = URL(string: location, relativeTo: url)?.absoluteURL,
            next.hasPossiblePort, let scheme = next.scheme?.lowercased(),
            scheme == "https" || scheme == "http" && url.scheme?.lowercased() == "http"
        else { throw DownloadError.badRedirect(host: host) }
        return next.absoluteString
    }

    /// Sends a request to one server; the connection stays open while the answer is used.
    private func withAnswer<Value>(
        from url: URL,
        headers: HTTPHeaders,
        use: (HTTPClientResponse) async throws -> Value
    ) async throws -> Value {
        let proxy = try proxies.proxy(for: url)
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(limits.connect), read: TimeAmount(limits.stall)),
            proxy: proxy
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            var request = HTTPClientRequest(url: url.absoluteString)
            request.headers = headers
            let response: HTTPClientResponse
            do {
                response = try await client.execute(request, deadline: .distantFuture)
            } catch {
                throw Interruption(beforeAnswer: error, way: (url.host() ?? host) + (proxy.map { " through the proxy \($0.host)" } ?? ""))
            }
            let value = try await use(response)
            try await client.shutdown()
            return value
        } catch {
            // Shutting down cancels the request; an error of that is of no interest.
            try? await client.shutdown()
            try Task.checkCancellation()
            throw error
        }
    }
}

/// A successful answer to a request for a file.
struct HubAnswer {
    /// The file as it is known now.
    let file: HubFile
    /// The offset of the body in the file.
    let start: Int64
    let body: HTTPClientResponse.Body

    /// Throws if the answer reports a failure.
    init(_ response: HTTPClientResponse, file known: HubFile, fileName: String, host: String) throws {
        let headers = response.headers
        var file = known
        file.tag = headers.first(name: "etag")
        file.lastModified = headers.first(name: "last-modified")
        switch response.status.code {
        case 200:
            start = 0
            file.size = headers.first(name: "content-length").flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 } ?? file.size
        case 206:
            guard let range = ContentRange(headers) else {
                throw Interruption.broken("the server sent a part of the file without its position")
            }
            start = range.start
            file.size = range.total ?? file.size
        case 404, 410: throw DownloadError.notFound(file: fileName, host: host)
        case 416: throw Interruption.outOfRange
        case 408, 425, 429, 500...599:
            let seconds = headers.first(name: "retry-after").flatMap { Int($0) }
            throw Interruption.busy(status: Int(response.status.code), retryAfter: seconds.map { .seconds($0) })
        default: throw DownloadError.hubRefused(status: Int(response.status.code), host: host)
        }
        self.file = file
        body = response.body
    }
}
