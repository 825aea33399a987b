import Foundation
import TestSupport
import Testing

extension Journeys {
    /// Which requests the built program answers, on both ports.
    @Suite struct AccessTests {
        private static let foreign: [[String: String]] = [
            ["Origin": "http://evil.example"], ["Origin": "null"], ["Origin": "http://127.0.0.1:1"], ["Sec-Fetch-Site": "cross-site"],
            ["Sec-Fetch-Site": "same-site"], ["Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"],
        ]

        @Test("pages of other sites can neither change nor read anything", arguments: [false, true])
        func foreign(throughWebsite: Bool) async throws {
            let server = try server(SharedEarshot.running, throughWebsite)
            for headers in Self.foreign {
                for (method, path) in [
                    ("GET", "/api/v1/transcriptions"), ("POST", "/api/v1/models/demo/unload"), ("POST", "/v1/audio/transcriptions"),
                    ("OPTIONS", "/api/v1/uploads"),
                ] {
                    let answer = try await server.ask(method, path, headers: headers)
                    #expect(answer.status == 403, "\(method) \(path) \(headers)")
                    #expect(answer.text.contains("cross_site_request") && answer.text.contains("ALLOWED_ORIGINS"))
                }
            }
            let own = server.address
            #expect(try await server.ask("GET", "/api/v1/info", headers: ["Origin": own, "Sec-Fetch-Site": "same-origin"]).status == 200)
            let link = ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"]
            #expect(try await server.ask("GET", "/docs", headers: link).status == 200)
        }

        @Test("a name that was made to point at this machine is not answered, except to supervisors", arguments: [false, true])
        func rebinding(throughWebsite: Bool) async throws {
            let server = try server(SharedEarshot.running, throughWebsite)
            let headers = ["Host": "evil.example", "Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"]
            let answer = try await server.ask("GET", "/api/v1/transcriptions", headers: headers)
            #expect(answer.status == 421)
            #expect(answer.text.contains("unknown_host") && answer.text.contains("ALLOWED_HOSTS"))
            for path in ["/health/live", "/health/ready", "/api/v1/health"] {
                #expect(try await server.ask("GET", path, headers: ["Host": "a-container"]).status == 200)
            }
            for name in ["localhost", "[::1]:8001", ProcessInfo.processInfo.hostName, "host.docker.internal:8001"] {
                #expect(try await server.ask("GET", "/api/v1/info", headers: ["Host": name]).status == 200, "\(name)")
            }
        }

        @Test("a path with empty parts does not exist", arguments: [false, true])
        func emptyParts(throughWebsite: Bool) async throws {
            let server = try server(SharedEarshot.running, throughWebsite)
            for path in ["//api/v1/info", "/api//v1/info", "///v1/models"] {
                #expect(try await server.ask("GET", path).status == 404, "\(path)")
            }
        }

        @Test("allowed hosts and origins are answered, on both ports")
        func allowed() async throws {
            let origin = "https://app.example"
            let environment = [
                "ALLOWED_HOSTS": "backend,talks.example", "ALLOWED_ORIGINS": origin, "TRUSTED_PROXIES": "127.0.0.1",
                "MAX_OPEN_UPLOADS": "2",
            ]
            try await RunningEarshot.with(environment: environment) { earshot in
                for throughWebsite in [false, true] {
                    let server = server(earshot, throughWebsite)
                    for name in ["backend:8001", "talks.example"] {
                        #expect(try await server.ask("GET", "/api/v1/info", headers: ["Host": name]).status == 200)
                    }
                    let read = try await server.ask("GET", "/v1/models", headers: ["Origin": origin, "Sec-Fetch-Site": "cross-site"])
                    #expect(read.status == 200 && read.headers["access-control-allow-origin"] == origin)
                    let proxied = ["Host": "talks.example", "X-Forwarded-Proto": "https", "Origin": "https://talks.example"]
                    #expect(try await server.ask("GET", "/api/v1/info", headers: proxied).status == 200)
                    let tus = ["Origin": origin, "Tus-Resumable": "1.0.0", "Upload-Length": "10"]
                    let created = try await server.ask("POST", "/api/v1/uploads", headers: tus)
                    #expect(created.status == 201)
                    #expect(created.headers["access-control-expose-headers"]?.contains("Location") == true)
                }
                // Two are open now.
                let server = earshot.api.server
                let refused = try await server.ask("POST", "/api/v1/uploads", headers: ["Tus-Resumable": "1.0.0", "Upload-Length": "10"])
                #expect(refused.status == 503 && refused.headers["retry-after"] != nil)
                #expect(try refused.json(EarshotAPI.Refusal.self).code == "too_many_uploads")
                let files = try earshot.storedFiles()
                #expect(files.count == 2, "the refused one left nothing")
            }
        }

        private func server(_ earshot: RunningEarshot, _ throughWebsite: Bool) -> HTTPServer {
            // Refusals for any request are described once, for the whole API, so these answers have no contract.
            HTTPServer(address: throughWebsite ? earshot.websiteAddress : earshot.api.server.address)
        }
    }
}
