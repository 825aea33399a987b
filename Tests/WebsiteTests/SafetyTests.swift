import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Testing

@testable import Website

struct SafetyTests {
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
