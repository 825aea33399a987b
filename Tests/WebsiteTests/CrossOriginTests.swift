import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOHTTP1
import Testing

@testable import Website

struct CrossOriginTests {
    private static let allowed = "https://app.example:8443"

    /// The headers that OpenAI's client for JavaScript sends from a browser, in the order in which a browser asks for them.
    private static let headersOfOpenAI = """
        authorization,content-type,openai-organization,openai-project,x-stainless-arch,x-stainless-lang,x-stainless-os,\
        x-stainless-package-version,x-stainless-retry-count,x-stainless-runtime,x-stainless-runtime-version,x-stainless-timeout
        """

    @Test(
        "a browser may send the requests of an allowed page, with the headers of OpenAI's client",
        arguments: ["/v1/models", "/api/v1/uploads"]
    )
    func preflight(path: String) async throws {
        try await withOrigins { visitor in
            let answer = try await visitor.ask(
                path,
                by: .OPTIONS,
                headers: [
                    "Origin": Self.allowed, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors",
                    "Access-Control-Request-Method": "PATCH",
                    "Access-Control-Request-Headers": Self.headersOfOpenAI, "Access-Control-Request-Private-Network": "true",
                ]
            )
            #expect(answer.status == 204)
            #expect(answer["Access-Control-Allow-Origin"] == Self.allowed)
            #expect(answer["Access-Control-Allow-Methods"]?.contains("PATCH") == true)
            #expect(answer["Access-Control-Allow-Headers"] == Self.headersOfOpenAI)
            #expect(answer["Access-Control-Allow-Private-Network"] == "true")
            #expect(answer["Access-Control-Allow-Credentials"] == nil)
            #expect(answer["Vary"] == "Origin")
        }
    }

    @Test("an allowed page reads answers, refusals and their headers", arguments: ["/v1/models", "/nowhere"])
    func answers(path: String) async throws {
        try await withOrigins { visitor in
            let answer = try await visitor.ask(path, headers: ["Origin": Self.allowed, "Sec-Fetch-Site": "cross-site"])
            #expect(answer.status == (path == "/nowhere" ? 404 : 200))
            #expect(answer["Access-Control-Allow-Origin"] == Self.allowed)
            let exposed = answer["Access-Control-Expose-Headers"] ?? ""
            for name in ["Location", "Retry-After", "Upload-Offset", "Tus-Resumable", "Upload-Transcription"] {
                #expect(exposed.contains(name))
            }
            #expect(answer["Vary"] == "Origin")
        }
    }

    @Test(
        "every other page is refused, whatever it asks",
        arguments: [
            "null", "https://app.example", "http://app.example:8443", "https://app.example:8443.evil.example", "https://evil.example",
        ]
    )
    func strangers(origin: String) async throws {
        try await withOrigins { visitor in
            for (method, more) in [(HTTPMethod.GET, HTTPHeaders()), (.OPTIONS, ["Access-Control-Request-Method": "POST"])] {
                var headers: HTTPHeaders = ["Origin": origin]
                headers.add(contentsOf: more)
                let answer = try await visitor.ask("/v1/models", by: method, headers: headers)
                #expect(answer.status == 403)
                #expect(answer["Access-Control-Allow-Origin"] == nil)
                #expect(answer["Vary"] == "Origin")
            }
        }
    }

    @Test("a list of origins is read, and what is no origin is rejected")
    func setting() {
        #expect(AccessRules.origins("https://app.example, http://localhost:3000/ app://notes")?.count == 3)
        for text in ["*", "null", "app.example", "https://app.example/path", "https://"] {
            #expect(AccessRules.origins(text) == nil, "\(text)")
        }
    }

    private func withOrigins(_ work: (Visitor) async throws -> Void) async throws {
        let origins = try #require(AccessRules.origins(Self.allowed))
        try await withWebsite(
            before: { $0.get("/v1/models") { _, _ in json("{}") } },
            access: AccessRules(origins: origins),
            work
        )
    }
}
