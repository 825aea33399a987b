import AsyncHTTPClient
import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Website

struct ProxyTests {
    @Test("an upload streams through: each piece reaches the API before the next one is sent")
    func uploadStreams() async throws {
        let notes = Notes()
        try await withWebsite { router in
            router.post("/api/v1/transcriptions") { request, _ in
                for try await piece in request.body { await notes.add(bytes: piece.readableBytes) }
                return json("{\"id\": \"a\"}", status: .created, headers: [.location: "/api/v1/transcriptions/a"])
            }
        } _: { visitor in
            let pieces = Pieces(count: 24, size: 64 << 10) { sent in
                try await eventually(within: .seconds(60)) { await notes.bytes == sent }
            }
            let answer = try await visitor.ask("/api/v1/transcriptions", by: .POST, body: .stream(pieces, length: .unknown))
            #expect(answer.status == 201)
            #expect(answer["Location"] == "/api/v1/transcriptions/a")
            #expect(await notes.bytes == 24 * 64 << 10)
        }
    }

    @Test("a large upload arrives whole, under the length that the client announced")
    func largeUpload() async throws {
        let notes = Notes()
        let size = 48 << 20
        try await withWebsite { router in
            router.post("/v1/audio/transcriptions") { request, _ in
                await notes.add("length \(request.headers[.contentLength] ?? "unknown")")
                for try await piece in request.body { await notes.add(bytes: piece.readableBytes) }
                return json("{}")
            }
        } _: { visitor in
            let body = HTTPClientRequest.Body.stream(Pieces(count: size >> 20, size: 1 << 20), length: .known(Int64(size)))
            let answer = try await visitor.ask("/v1/audio/transcriptions", by: .POST, body: body)
            #expect(answer.status == 200)
            #expect(await notes.bytes == size)
            #expect(await notes.lines == ["length \(size)"])
        }
    }

    @Test("a refusal that comes before the upload is over reaches the client in the API's words")
    func earlyRefusal() async throws {
        let notes = Notes()
        let refusal = "{\"code\": \"file_too_large\", \"detail\": \"Too much.\"}"
        try await withWebsite { router in
            router.post("/api/v1/transcriptions") { request, _ in
                for try await piece in request.body {
                    await notes.add(bytes: piece.readableBytes)
                    if await notes.bytes > 1 << 20 { break }
                }
                return json(refusal, status: .contentTooLarge)
            }
            router.get("/health") { _, _ in json("{}") }
        } _: { visitor in
            let size = 24 << 20
            let body = HTTPClientRequest.Body.stream(Pieces(count: size >> 20, size: 1 << 20), length: .known(Int64(size)))
            let answer = try await visitor.ask("/api/v1/transcriptions", by: .POST, body: body)
            #expect(answer.status == 413)
            #expect(answer.text == refusal)
            #expect(await notes.bytes < size)
            #expect(try await visitor.ask("/health").status == 200)
        }
    }

    @Test("headers that concern one connection only are not passed on, in either direction")
    func hopByHop() async throws {
        try await withWebsite { router in
            router.get("/api/headers") { request, _ in
                let names = request.headers.map { "\($0.name.canonicalName)=\($0.value)" }.sorted().joined(separator: "\n")
                var headers: HTTPFields = [.connection: "X-Inner", .contentType: "text/plain"]
                headers[try #require(HTTPField.Name("Keep-Alive"))] = "timeout=5"
                headers[try #require(HTTPField.Name("X-Inner"))] = "private"
                headers[try #require(HTTPField.Name("X-Outer"))] = "kept"
                return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: names)))
            }
        } _: { visitor in
            let answer = try await visitor.ask(
                "/api/headers",
                headers: [
                    "Connection": "X-Mine", "X-Mine": "private", "X-Kept": "kept", "TE": "trailers", "Keep-Alive": "timeout=9",
                    "Proxy-Authorization": "Basic eA==", "Authorization": "Bearer x", "Range": "bytes=0-1",
                ]
            )
            let seen = Set(answer.text.split(separator: "\n").map(String.init))
            #expect(seen.isSuperset(of: ["x-kept=kept", "authorization=Bearer x", "range=bytes=0-1", "x-forwarded-for=127.0.0.1"]))
            #expect(seen.contains("x-forwarded-host=\(visitor.address.dropFirst("http://".count))"))
            for name in ["x-mine", "te", "keep-alive", "proxy-authorization"] {
                #expect(!seen.contains { $0.hasPrefix("\(name)=") }, "\(name)")
            }
            #expect(answer["X-Outer"] == "kept")
            #expect(answer["X-Inner"] == nil)
            #expect(answer["Keep-Alive"] == nil)
        }
    }

    @Test("the API gets no word of the page that sent a request, and about the client only what the website or a trusted proxy says")
    func judged() async throws {
        func seen(by access: AccessRules) async throws -> Set<String> {
            var seen: Set<String> = []
            try await withWebsite(
                before: { router in
                    router.post("/api/headers") { request, _ in
                        let lines = request.headers.map { "\($0.name.canonicalName)=\($0.value)" }.joined(separator: "\n")
                        return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: lines)))
                    }
                },
                access: access
            ) { visitor in
                let answer = try await visitor.ask(
                    "/api/headers",
                    by: .POST,
                    headers: [
                        "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "cors", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https",
                        "X-Forwarded-Host": "localhost", "Forwarded": "for=192.0.2.8",
                    ]
                )
                seen = Set(answer.text.split(separator: "\n").map(String.init))
            }
            return seen
        }
        let untrusted = try await seen(by: AccessRules())
        #expect(untrusted.isSuperset(of: ["x-forwarded-for=127.0.0.1", "x-forwarded-proto=http"]))
        #expect(!untrusted.contains { $0.hasPrefix("sec-fetch") || $0.hasPrefix("forwarded") || $0.contains("192.0.2") })
        let trusted = try await seen(by: AccessRules(proxies: [#require(AddressBlock("127.0.0.0/8"))]))
        #expect(
            trusted.isSuperset(of: ["x-forwarded-for=192.0.2.7, 127.0.0.1", "x-forwarded-proto=https", "x-forwarded-host=localhost"])
        )
    }

    @Test("a redirect is forwarded, not followed")
    func redirects() async throws {
        let notes = Notes()
        try await withWebsite { router in
            router.get("/api/old") { _, _ in Response.redirect(to: "/api/new", type: .temporary) }
            router.get("/api/new") { _, _ in
                await notes.add("followed")
                return json("{}")
            }
        } _: { visitor in
            let answer = try await visitor.ask("/api/old")
            #expect(answer.status == 307)
            #expect(answer["Location"] == "/api/new")
            #expect(await notes.lines.isEmpty)
        }
    }

    @Test("path and query reach the API unchanged", arguments: ["/api/a%2Fb?q=%C3%BC+x&y", "/v1/a%2F%2Fb", "/health?"])
    func addresses(path: String) async throws {
        try await withWebsite { router in
            router.add(middleware: Echo())
        } _: { visitor in
            let answer = try await visitor.ask(path)
            #expect(answer.text == path)
        }
    }
}

/// Answers every request with its own address.
private struct Echo: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: request.head.path ?? "")))
    }
}

/// A body in pieces of one size, each sent when what was sent before it is found to have arrived.
private struct Pieces: AsyncSequence, Sendable {
    let count: Int
    let size: Int
    var arrived: @Sendable (_ sent: Int) async throws -> Void = { _ in }

    struct AsyncIterator: AsyncIteratorProtocol {
        let pieces: Pieces
        var number = 0

        mutating func next() async throws -> ByteBuffer? {
            try await pieces.arrived(number * pieces.size)
            guard number < pieces.count else { return nil }
            number += 1
            return ByteBuffer(repeating: 7, count: pieces.size)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pieces: self)
    }
}
