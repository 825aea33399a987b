import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Recordings that Earshot downloads from a URL, here of a server on this machine, which a setting allows.
    @Suite(
        .sharedEarshot([
            "IMPORT_URLS": "true", "IMPORT_ALLOW_PRIVATE": "127.0.0.1", "IMPORT_TIMEOUT_SECONDS": "5", "MAX_FILE_SIZE_MB": "2",
        ])
    )
    struct ImportTests {
        private static let recording = Recordings.named("short-en-1.m4a")

        @Test("a recording is downloaded from its URL, with options, and its name is kept")
        func json() async throws {
            let earshot = try SharedEarshot.running
            try await withHub { hub in
                hub.put(try Self.recording.path.contents(), at: "talks/a%20talk.m4a")
                hub.put(
                    try Self.recording.path.contents(),
                    at: "get?id=1",
                    saying: [("Content-Type", "audio/mp4"), ("Content-Disposition", "attachment; filename*=UTF-8''%C3%9Cbung.m4a")]
                )
                hub.redirect("short", to: "/get?id=1")
                let talk = try await post(earshot.api, ["url": "\(hub.address)/talks/a%20talk.m4a", "language": "en", "wait": 120])
                #expect(talk.status == 201)
                let transcription: EarshotAPI.Transcription = try talk.json()
                #expect(transcription.text == Self.recording.text)
                #expect(transcription.requestedLanguage == "en")
                #expect(transcription.name == "a talk.m4a")

                let short: EarshotAPI.Transcription = try await post(earshot.website, ["url": "\(hub.address)/short"]).json()
                #expect(short.name == "Übung.m4a")
            }
        }

        @Test("a form may contain a URL instead of a file")
        func form() async throws {
            let earshot = try SharedEarshot.running
            try await withHub { hub in
                hub.put(try Self.recording.path.contents(), at: "talk.m4a")
                var form = MultipartForm()
                form.add("url", "\(hub.address)/talk.m4a")
                form.add("wait", "120")
                let transcription: EarshotAPI.Transcription = try await earshot.api.post(form).json()
                #expect(transcription.text == Self.recording.text)
                try form.addFile("file", filename: "talk.m4a", Self.recording.path.contents())
                try expect(await earshot.api.post(form), 400, "several_files")
            }
        }

        @Test("no URL reaches a private network, by name, by number or through a redirect")
        func privateNetworks() async throws {
            try await withHub { hub in
                let port = try #require(hub.address.split(separator: ":").last)
                hub.put(try Self.recording.path.contents(), at: "talk.m4a")
                let places = [
                    "127.0.0.2", "[::1]", "[::ffff:127.0.0.2]", "10.0.0.1", "169.254.169.254", "0.0.0.0", "192.168.1.1", "[fd00::1]",
                ]
                for (number, place) in places.enumerated() {
                    try await expectRefusal("http://\(place):\(port)/talk.m4a", 403, "address_refused")
                    hub.redirect("to-\(number)", to: "http://\(place):\(port)/talk.m4a")
                    try await expectRefusal("\(hub.address)/to-\(number)", 403, "address_refused")
                }
                #expect(hub.requests.count == places.count)
            }
        }

        @Test("a name that means this machine is refused where only the public Internet is allowed")
        func localhost() async throws {
            try await RunningEarshot.with(environment: ["IMPORT_URLS": "true"]) { earshot in
                try await withHub { hub in
                    hub.put(try Self.recording.path.contents(), at: "talk.m4a")
                    for host in ["localhost", "127.1", "2130706433", "127.0.0.1"] {
                        let address = hub.address.replacing("127.0.0.1", with: host) + "/talk.m4a"
                        try expect(await post(earshot.api, ["url": .text(address)]), 403, "address_refused")
                    }
                    #expect(hub.requests.isEmpty)
                }
            }
        }

        @Test("a recording that can't be downloaded is refused with the reason")
        func refusals() async throws {
            try await withHub { hub in
                hub.put(Data(count: 2_000_001), at: "large.wav")
                hub.put(Data("<html>This is a page.</html>".utf8), at: "page")
                hub.put(Data(), at: "empty.wav")
                hub.redirect("round", to: "/round")
                hub.redirect("away", to: "file:///etc/passwd")
                try await expectRefusal("\(hub.address)/large.wav", 413, "file_too_large")
                try await expectRefusal("\(hub.address)/page", 415, "unreadable_audio")
                try await expectRefusal("\(hub.address)/empty.wav", 400, "empty_file")
                try await expectRefusal("\(hub.address)/nothing.wav", 422, "import_refused")
                try await expectRefusal("\(hub.address)/round", 422, "bad_redirect")
                try await expectRefusal("\(hub.address)/away", 422, "bad_redirect")
                try await expectRefusal("http://127.0.0.1:1/talk.m4a", 422, "host_unreachable")
                try await expectRefusal("http://no-such-host.invalid/talk.m4a", 422, "host_unknown")
                try await expectRefusal("file:///etc/passwd", 400, "invalid_url")
                try await expectRefusal("http://user:secret@127.0.0.1/", 400, "invalid_url")

                hub.put(try Self.recording.path.contents(), at: "slow.m4a")
                hub.order(.stall(after: 1000))
                try await expectRefusal("\(hub.address)/slow.m4a", 422, "import_timed_out")
                hub.release()
                hub.manner.bytesPerSecond = 2000
                try await expectRefusal("\(hub.address)/slow.m4a", 422, "import_timed_out")
                hub.manner.bytesPerSecond = nil
                hub.order(.breakOff(after: 1000))
                try await expectRefusal("\(hub.address)/slow.m4a", 422, "import_broken_off")
            }
        }

        @Test("options are validated before the download, and JSON must be an object with a URL")
        func order() async throws {
            let earshot = try SharedEarshot.running
            try await withHub { hub in
                try expect(await post(earshot.api, ["url": "\(hub.address)/talk.m4a", "language": "klingon"]), 400, "unknown_language")
                #expect(hub.requests.isEmpty)
            }
            try expect(await post(earshot.api, ["language": "en"]), 400, "missing_url")
            let json = ["Content-Type": "application/json"]
            let path = "/api/v1/transcriptions"
            try expect(await earshot.api.server.ask("POST", path, headers: json, body: Data("[1".utf8)), 400, "malformed_json")
            let long = Data("{\"prompt\": \"\(String(repeating: "x", count: 300_000))\"}".utf8)
            try expect(await earshot.api.server.ask("POST", path, headers: json, body: long), 413, "body_too_large")
        }

        @Test("when the client disconnects, its download ends and leaves nothing")
        func clientGone() async throws {
            let earshot = try SharedEarshot.running
            let before = try earshot.storedFiles()
            try await withHub { hub in
                hub.put(try Self.recording.path.contents(), at: "talk.m4a")
                hub.order(.stall(after: 1000))
                let request = Task { try await post(earshot.api, ["url": "\(hub.address)/talk.m4a"]) }
                try await eventually { try earshot.storedFiles().count == before.count + 1 }
                request.cancel()
                // Well before the time limit, which would end the download, too.
                try await eventually(within: .seconds(3)) { try earshot.storedFiles() == before }
                hub.release()
            }
        }

        @Test("imports are off by default")
        func off() async throws {
            try await RunningEarshot.with { earshot in
                try expect(await post(earshot.api, ["url": "https://example.com/talk.mp3"]), 403, "import_off")
                var form = MultipartForm()
                form.add("url", "https://example.com/talk.mp3")
                try expect(await earshot.api.post(form), 403, "import_off")
            }
        }

        private func withHub(_ work: @Sendable (LocalHub) async throws -> Void) async throws {
            try await LocalHub.with { hub in
                hub.manner = LocalHub.Manner(redirects: false)
                try await work(hub)
            }
        }

        private func post(_ api: EarshotAPI, _ members: [String: JSONValue]) async throws -> HTTPAnswer {
            try await api.server.ask(
                "POST",
                "/api/v1/transcriptions",
                headers: ["Content-Type": "application/json"],
                body: JSONEncoder().encode(JSONValue.object(members)),
                within: .seconds(300)
            )
        }

        /// Expects that the URL is refused, and that nothing of it is left.
        private func expectRefusal(
            _ address: String,
            _ status: Int,
            _ code: String,
            _ sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let earshot = try SharedEarshot.running
            let before = try earshot.storedFiles()
            try expect(await post(earshot.api, ["url": .text(address)]), status, code, sourceLocation)
            #expect(try earshot.storedFiles() == before, sourceLocation: sourceLocation)
        }
    }
}
