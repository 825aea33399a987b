import AsyncHTTPClient
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Website

struct AbsenceTests {
    @Test(
        "without the API, programs get 502 in the shape of the API's own errors",
        arguments: ["/api/v1/transcriptions", "/v1/models", "/health"]
    )
    func programs(path: String) async throws {
        try await withWebsite(api: "http://127.0.0.1:\(FreePort.find())") { visitor in
            let answer = try await visitor.ask(path)
            #expect(answer.status == 502)
            #expect(answer["Content-Type"] == "application/json; charset=utf-8")
            let fields = try JSONDecoder().decode([String: String].self, from: Data(answer.text.utf8))
            #expect(Set(fields.keys) == ["detail", "error_type", "code"])
            #expect(fields["code"] == "backend_unreachable")
        }
    }

    @Test("without the API, an upload is refused once it is sent")
    func upload() async throws {
        try await withWebsite(api: "http://127.0.0.1:\(FreePort.find())") { visitor in
            let answer = try await visitor.ask("/api/v1/transcriptions", by: .POST, body: .bytes(ByteBuffer(repeating: 0, count: 4 << 20)))
            #expect(answer.status == 502)
        }
    }

    @Test("without the API, a page says so with 502", arguments: ["/library", "/transcriptions/abc"])
    func pages(path: String) async throws {
        try await withWebsite(api: "http://127.0.0.1:\(FreePort.find())") { visitor in
            let answer = try await visitor.ask(path)
            #expect(answer.status == 502)
            #expect(answer["Content-Type"] == "text/html; charset=utf-8")
            #expect(answer.text.contains("Earshot&#39;s API does not answer"))
            #expect(answer.text.contains("href=\"\(path)\">Try again<"), "a way to try again")
        }
    }

    @Test("without the API, the first page opens and says so")
    func firstPage() async throws {
        try await withWebsite(api: "http://127.0.0.1:\(FreePort.find())") { visitor in
            let answer = try await visitor.ask("/")
            #expect(answer.status == 200)
            #expect(answer.text.contains("Earshot&#39;s API does not answer"))
        }
    }

    @Test("if the API closes the connection during its answer, so does the website")
    func brokenOff() async throws {
        try await withWebsite { router in
            router.get("/api/broken") { _, context in
                Response(status: .ok, body: ResponseBody { _ in throw Broken() })
            }
        } _: { visitor in
            await #expect(throws: (any Error).self) { try await visitor.ask("/api/broken") }
        }
    }

    @Test("a client that disconnects before the answer ends the request to the API")
    func goneBefore() async throws {
        let notes = Notes()
        try await withWebsite { router in
            router.get("/api/slow") { request, _ in
                await notes.add("begun")
                try await request.untilClientIsGone()
                await notes.add("ended")
                return json("{}")
            }
        } _: { visitor in
            let visit = Task { try await visitor.ask("/api/slow") }
            try await eventually { await notes.has("begun") }
            visit.cancel()
            try await eventually(within: .seconds(60)) { await notes.has("ended") }
        }
    }

    @Test("a client that disconnects from a silent stream of events ends it at the API too")
    func goneDuring() async throws {
        let notes = Notes()
        try await withWebsite { router in
            router.get("/api/events") { request, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "text/event-stream"],
                    body: ResponseBody { writer in
                        try await writer.write(ByteBuffer(string: "data: 1\n\n"))
                        try await request.untilClientIsGone()
                        await notes.add("ended")
                        try await writer.finish(nil)
                    }
                )
            }
        } _: { visitor in
            let visit = Task {
                for try await _ in try await visitor.begin("/api/events").body { await notes.add("received") }
            }
            try await eventually { await notes.has("received") }
            visit.cancel()
            try await eventually(within: .seconds(60)) { await notes.has("ended") }
        }
    }
}

private struct Broken: Error {}

extension Request {
    /// Returns when the connection that the request came on is closed.
    fileprivate func untilClientIsGone() async throws {
        let (gone, signal) = AsyncStream<Void>.makeStream()
        try await body.consumeWithInboundCloseHandler { _ in
            for await _ in gone {}
        } onInboundClosed: {
            signal.finish()
        }
    }
}
