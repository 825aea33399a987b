import AsyncHTTPClient
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// Forwards the API's paths to the API, whatever their method.
struct Proxy: RouterMiddleware {
    private static let roots = ["/api", "/v1", "/health", "/asr", "/detect-language", "/inference", "/docs", "/openapi.json"]

    /// What the website has judged itself: the API sees the website as the program that it is.
    private static let judged: Set<String> = [
        "origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user", "forwarded", "x-forwarded-for",
        "x-forwarded-host", "x-forwarded-proto",
    ]

    let api: APIClient
    let access: AccessRules

    /// True for paths that belong to the API.
    static func covers(_ path: String) -> Bool {
        roots.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    func handle(
        _ request: Request,
        context: WebsiteContext,
        next: (Request, WebsiteContext) async throws -> Response
    ) async throws -> Response {
        guard Self.covers(request.uri.path) else { return try await next(request, context) }
        return try await forward(request, to: request.head.path ?? request.uri.string, context: context)
    }

    /// Forwards a request and streams the answer back, both at the pace of the slower side; a client that disconnects cancels it.
    func forward(_ request: Request, to path: String, context: WebsiteContext) async throws -> Response {
        var outgoing = HTTPClientRequest(url: api.base + path)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        outgoing.headers = headers(of: request, context: context)
        let body = RequestBodyLease(request.body, length: request.headers[.contentLength].flatMap { Int($0) })
        if let length = body.length {
            if length > 0 { outgoing.body = .stream(body, length: .known(Int64(length))) }
        } else if request.headers[.transferEncoding] != nil {
            outgoing.body = .stream(body, length: .unknown)
        }
        let sent = outgoing
        do {
            let incoming = try await ConnectionWatch.whileConnected(context.channel) {
                try await api.client.execute(sent, deadline: .distantFuture)
            }
            if sent.body == nil { return response(from: incoming, for: context.channel) }
            if await body.isDelivered {
                await body.close()
                return response(from: incoming, for: context.channel)
            }
            let early = try await earlyResponse(from: incoming)
            await body.drain(closing: context.channel)
            return early
        } catch {
            // The client is still sending: it reads an answer only after its last byte, and nothing else may read its body meanwhile.
            if sent.body != nil { await body.drain(closing: context.channel) }
            throw api.problem(for: error)
        }
    }

    /// The headers to forward: those of the client that concern both ends, and the client's address, protocol and host.
    private func headers(of request: Request, context: WebsiteContext) -> HTTPHeaders {
        var headers = HTTPHeaders()
        let dropped = hopByHop(connection: request.headers[.connection]).union(Self.judged)
        for field in request.headers where !dropped.contains(field.name.canonicalName) && field.name.canonicalName != "content-length" {
            headers.add(name: field.name.rawName, value: field.value)
        }
        let arrival = Arrival(request, from: context.channel.remoteAddress, rules: access)
        headers.add(name: "X-Forwarded-For", value: arrival.addresses.joined(separator: ", "))
        headers.add(name: "X-Forwarded-Proto", value: arrival.scheme)
        if let host = arrival.host { headers.add(name: "X-Forwarded-Host", value: host) }
        return headers
    }

    /// The answer with its body still to come.
    private func response(from incoming: HTTPClientResponse, for channel: any Channel) -> Response {
        let fields = fields(of: incoming)
        let length = incoming.headers.first(name: "Content-Length").flatMap { Int($0) }
        let isEventStream = fields[.contentType]?.hasPrefix("text/event-stream") == true
        let pace = PacedWriter(channel)
        let body = ResponseBody(contentLength: length) { writer in
            if isEventStream {
                // An endless answer must end when the server stops and when the client disconnects.
                let events = BodyWhileConnected(base: incoming.body.cancelOnGracefulShutdown(), channel: channel)
                for try await chunk in events { try await writer.write(chunk) }
            } else {
                for try await chunk in incoming.body { try await pace.write(chunk, to: &writer) }
            }
            try await writer.finish(nil)
        }
        return Response(status: .init(code: Int(incoming.status.code)), headers: fields, body: body)
    }

    /// An answer that arrived before the whole request was sent, such as 413: it is small, and read in full first.
    private func earlyResponse(from incoming: HTTPClientResponse) async throws -> Response {
        let bytes = try await incoming.body.collect(upTo: 1 << 20)
        var fields = fields(of: incoming)
        fields[.contentLength] = nil
        fields[.connection] = "close"
        return Response(status: .init(code: Int(incoming.status.code)), headers: fields, body: ResponseBody(byteBuffer: bytes))
    }

    private func fields(of incoming: HTTPClientResponse) -> HTTPFields {
        var fields = HTTPFields()
        let dropped = hopByHop(connection: incoming.headers["Connection"].joined(separator: ","))
        for (name, value) in incoming.headers {
            guard let name = HTTPField.Name(name), !dropped.contains(name.canonicalName), name != .date else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }

    /// Header names, lower case, that concern one connection only.
    private func hopByHop(connection: String?) -> Set<String> {
        let always: Set<String> = [
            "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
            "transfer-encoding", "upgrade", "expect", "host",
        ]
        let named = (connection ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        return always.union(named)
    }
}
