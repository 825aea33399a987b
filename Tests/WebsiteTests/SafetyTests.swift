import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Testing

@testable import Website

struct SafetyTests {
    /// What a browser or a program says about where a request comes from; `HOST` stands for the website's own name and port.
    struct Origin: CustomTestStringConvertible {
        let testDescription: String
        let headers: [(String, String)]
        let isTaken: Bool

        init(_ testDescription: String, _ headers: [(String, String)], isTaken: Bool) {
            self.testDescription = testDescription
            self.headers = headers
            self.isTaken = isTaken
        }
    }

    @Test(
        "changes are accepted from this site and from programs, not from other sites",
        arguments: [
            Origin("a program", [], isTaken: true),
            Origin("its own page", [("Sec-Fetch-Site", "same-origin"), ("Origin", "http://HOST")], isTaken: true),
            Origin("an address typed by hand", [("Sec-Fetch-Site", "none")], isTaken: true),
            Origin("its own page over plain HTTP", [("Origin", "http://HOST")], isTaken: true),
            Origin("its own page behind TLS", [("Origin", "https://proxy.example"), ("X-Forwarded-Host", "proxy.example")], isTaken: true),
            Origin("another site", [("Sec-Fetch-Site", "cross-site"), ("Origin", "http://HOST")], isTaken: false),
            Origin("another site over plain HTTP", [("Origin", "http://evil.example")], isTaken: false),
            Origin("a site whose name begins alike", [("Origin", "http://127.0.0.1.evil.example")], isTaken: false),
            Origin("a page without an origin", [("Origin", "null")], isTaken: false),
        ]
    )
    func crossSite(origin: Origin) async throws {
        let notes = Notes()
        try await withWebsite { router in
            router.delete("/api/v1/transcriptions/:id") { _, _ in
                await notes.add("deleted")
                return HTTPResponse.Status.noContent
            }
        } _: { visitor in
            let host = String(visitor.address.dropFirst("http://".count))
            let headers = HTTPHeaders(origin.headers.map { ($0, $1.replacing("HOST", with: host)) })
            let page = try await visitor.ask("/transcriptions/abc/delete", by: .POST, headers: headers)
            let program = try await visitor.ask("/api/v1/transcriptions/abc", by: .DELETE, headers: headers)
            #expect(page.status == (origin.isTaken ? 303 : 403))
            #expect(program.status == (origin.isTaken ? 204 : 403))
            #expect(await notes.lines.count == (origin.isTaken ? 2 : 0))
        }
    }

    @Test("other sites may link to a page")
    func links() async throws {
        try await withWebsite { router in
            router.get("/api/v1/transcriptions") { _, _ in json("{\"items\": [], \"total\": 0}") }
        } _: { visitor in
            let answer = try await visitor.ask("/library", headers: ["Sec-Fetch-Site": "cross-site"])
            #expect(answer.status == 200)
        }
    }

    @Test(
        "pages load from their own origin only and can't be framed",
        arguments: ["/", "/library", "/nowhere", "/transcriptions/a%2F..%2Fb"]
    )
    func pages(path: String) async throws {
        try await withWebsite { router in
            router.get("/api/v1/transcriptions") { _, _ in json("{\"items\": [], \"total\": 0}") }
        } _: { visitor in
            let answer = try await visitor.ask(path)
            let policy = try #require(answer["Content-Security-Policy"])
            for rule in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
                #expect(policy.contains(rule))
            }
            #expect(!policy.contains("unsafe"))
            #expect(answer["X-Content-Type-Options"] == "nosniff")
            #expect(answer["X-Frame-Options"] == "DENY")
            #expect(answer["Referrer-Policy"] == "same-origin")
            #expect(!answer.text.contains("<script>"), "a script in the page, which its policy forbids")
            #expect(!answer.text.contains("style=\""), "a style in the page, which its policy forbids")
        }
    }

    @Test("an answer of the API can't run as a page of this origin")
    func proxied() async throws {
        try await withWebsite { router in
            router.get("/api/v1/transcriptions/a/audio") { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "text/html"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: "<script>alert(1)</script>"))
                )
            }
        } _: { visitor in
            let answer = try await visitor.ask("/api/v1/transcriptions/a/audio")
            #expect(answer["Content-Security-Policy"]?.contains("sandbox") == true)
            #expect(answer["Content-Security-Policy"]?.contains("script-src") == false)
            #expect(answer["X-Content-Type-Options"] == "nosniff")
        }
    }
}
