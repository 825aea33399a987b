import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Testing

@testable import Website

/// Who may send requests; `HOST` stands for the website's own name and port, `PORT` for its port.
struct AccessGuardTests {
    /// What a browser or a program says about where a request comes from.
    struct Sender: CustomTestStringConvertible {
        let testDescription: String
        let headers: [(String, String)]
        let isTaken: Bool

        init(_ testDescription: String, _ headers: [(String, String)], isTaken: Bool) {
            self.testDescription = testDescription
            self.headers = headers
            self.isTaken = isTaken
        }
    }

    private static let everySender = [
        Sender("a program", [], isTaken: true),
        Sender("its own page", [("Sec-Fetch-Site", "same-origin"), ("Origin", "http://HOST")], isTaken: true),
        Sender("an address typed by hand", [("Sec-Fetch-Site", "none")], isTaken: true),
        Sender("its own page over plain HTTP", [("Origin", "http://HOST")], isTaken: true),
        Sender("its own page under another name", [("Host", "localhost:PORT"), ("Origin", "http://localhost:PORT")], isTaken: true),
        Sender("another site", [("Sec-Fetch-Site", "cross-site"), ("Origin", "http://evil.example")], isTaken: false),
        Sender("another site that sends no origin", [("Sec-Fetch-Site", "cross-site")], isTaken: false),
        Sender("another server of this machine that sends no origin", [("Sec-Fetch-Site", "same-site")], isTaken: false),
        Sender("another site over plain HTTP", [("Origin", "http://evil.example")], isTaken: false),
        Sender("a site whose name begins alike", [("Origin", "http://127.0.0.1.evil.example")], isTaken: false),
        Sender("another port of this machine", [("Sec-Fetch-Site", "same-site"), ("Origin", "http://127.0.0.1:1")], isTaken: false),
        Sender("the same name without its port", [("Origin", "http://127.0.0.1")], isTaken: false),
        Sender("the same name with another scheme", [("Origin", "https://HOST")], isTaken: false),
        Sender("a page without an origin", [("Origin", "null")], isTaken: false),
        Sender("two origins", [("Origin", "http://HOST"), ("Origin", "http://evil.example")], isTaken: false),
        Sender("a page that claims a proxy", [("Origin", "http://evil.example"), ("X-Forwarded-Host", "evil.example")], isTaken: false),
    ]

    @Test("changes and reads are accepted from this site and from programs, not from other sites", arguments: everySender)
    func senders(sender: Sender) async throws {
        try await withWebsite { router in
            router.delete("/api/v1/transcriptions/:id") { _, _ in HTTPResponse.Status.noContent }
            router.get("/api/v1/transcriptions") { _, _ in json("{\"items\": [], \"total\": 0}") }
        } _: { visitor in
            let headers = headers(sender.headers, visitor)
            let form = try await visitor.ask("/transcriptions/abc/delete", by: .POST, headers: headers)
            #expect(form.status == (sender.isTaken ? 303 : 403))
            let change = try await visitor.ask("/api/v1/transcriptions/abc", by: .DELETE, headers: headers)
            #expect(change.status == (sender.isTaken ? 204 : 403))
            let read = try await visitor.ask("/api/v1/transcriptions", headers: headers)
            #expect(read.status == (sender.isTaken ? 200 : 403))
        }
    }

    @Test(
        "other sites may link to a page, but not show it in a frame or load it in another way",
        arguments: [("navigate", "document", 200), ("navigate", "iframe", 403), ("no-cors", "image", 403), ("no-cors", "script", 403)]
    )
    func links(mode: String, destination: String, status: Int) async throws {
        try await withWebsite { router in
            router.get("/api/v1/transcriptions") { _, _ in json("{\"items\": [], \"total\": 0}") }
        } _: { visitor in
            let headers: HTTPHeaders = ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination]
            let read = try await visitor.ask("/library", headers: headers)
            #expect(read.status == status)
            let change = try await visitor.ask("/library", by: .POST, headers: headers)
            #expect(change.status == 403)
        }
    }

    @Test(
        "only the names of this machine, addresses and allowed names are answered",
        arguments: [
            ("localhost", true), ("LOCALHOST:80", true), ("earshot.localhost", true), ("localhost.", true), ("127.0.0.9", true),
            ("[::1]:4200", true), ("192.168.1.5:4200", true), ("host.docker.internal", true), ("talks.example", true), ("a.lan", true),
            ("evil.example", false), ("evil.localhost.example", false), ("localhost.evil.example", false), ("lan", false),
            ("talks.example.evil.example", false), ("127.0.0.1.evil.example", false), ("127.0.0.1@evil.example", false), ("a b", false),
            ("localhost:99999", false), ("[::1", false),
        ]
    )
    func hosts(host: String, isAnswered: Bool) async throws {
        let names = try #require(HostNames("talks.example, *.lan"))
        try await withWebsite(
            before: { $0.get("/health/live") { _, _ in "alive" } },
            access: AccessRules(hosts: .ofThisMachine.union(names))
        ) { visitor in
            let page = try await visitor.ask("/favicon.ico", headers: ["Host": host])
            #expect(page.status == (isAnswered ? 200 : 421))
            if !isAnswered { #expect(page.text.contains("ALLOWED_HOSTS")) }
            // Supervisors may use any name.
            let health = try await visitor.ask("/health/live", headers: ["Host": host])
            #expect(health.status == 200)
        }
    }

    @Test("with * every name is answered")
    func anyHost() async throws {
        try await withWebsite(before: { _ in }, access: AccessRules(hosts: #require(HostNames("*")))) { visitor in
            let page = try await visitor.ask("/favicon.ico", headers: ["Host": "evil.example"])
            #expect(page.status == 200)
        }
    }

    @Test(
        "behind a trusted proxy, the origin is the one that the browser sees",
        arguments: [
            [("X-Forwarded-Host", "talks.example"), ("X-Forwarded-Proto", "https")],
            [("Host", "talks.example"), ("X-Forwarded-Proto", "https")],
            [("Forwarded", "for=192.0.2.1;host=\"talks.example\";proto=https")],
            [("X-Forwarded-Host", "evil.example, talks.example"), ("X-Forwarded-Proto", "https")],
        ]
    )
    func proxy(reports: [(String, String)]) async throws {
        func status(_ origin: String, _ proxies: Set<AddressBlock>) async throws -> Int {
            var status = 0
            let names = try #require(HostNames("talks.example"))
            try await withWebsite(
                before: { $0.delete("/api/v1/transcriptions/:id") { _, _ in HTTPResponse.Status.noContent } },
                access: AccessRules(hosts: names, proxies: proxies)
            ) { visitor in
                let headers = headers(reports + [("Origin", origin)], visitor)
                status = try await visitor.ask("/api/v1/transcriptions/abc", by: .DELETE, headers: headers).status
            }
            return status
        }
        let trusted: Set<AddressBlock> = [try #require(AddressBlock("127.0.0.0/8"))]
        #expect(try await status("https://talks.example", trusted) == 204)
        #expect(try await status("http://talks.example", trusted) == 403)
        #expect(try await status("https://talks.example", []) == 403)
    }

    @Test("a path with an empty part does not exist", arguments: ["//library", "//api/v1/health", "/api//v1/health", "/library//"])
    func emptyParts(path: String) async throws {
        try await withWebsite { router in
            router.get("/api/v1/health") { _, _ in "healthy" }
            router.get("/api/v1/transcriptions") { _, _ in json("{\"items\": [], \"total\": 0}") }
        } _: { visitor in
            let answer = try await visitor.ask(path)
            #expect(answer.status == 404)
        }
    }

    private func headers(_ lines: [(String, String)], _ visitor: Visitor) -> HTTPHeaders {
        let host = String(visitor.address.dropFirst("http://".count))
        let port = host.split(separator: ":").last.map(String.init) ?? ""
        return HTTPHeaders(lines.map { ($0, $1.replacing("HOST", with: host).replacing("PORT", with: port)) })
    }
}
