import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Invalid uploads: each is refused with a reason and leaves nothing behind, and the server keeps running.
    @Suite struct RefusalTests {
        private let recording = Recordings.path("short-en-1.wav")

        @Test("a text file that calls itself MP3 is refused")
        func text() async throws {
            let text = Data(String(repeating: "This is no sound. ", count: 500).utf8)
            try await expectRefusal(of: text, named: "song.mp3", status: 415, code: "unreadable_audio")
        }

        @Test("an empty file is refused")
        func empty() async throws {
            try await expectRefusal(of: Data(), named: "empty.wav", status: 400, code: "empty_file")
        }

        @Test("a truncated m4a is refused")
        func truncated() async throws {
            let whole = try Recordings.path("short-en-1.m4a").contents()
            try await expectRefusal(of: whole.prefix(whole.count / 2), named: "cut.m4a", status: 415, code: "unreadable_audio")
        }

        @Test("a video without sound is refused")
        func silentVideo() async throws {
            try await TemporaryFolder.with { folder in
                let video = folder.appending("silent.mp4")
                let arguments = [
                    "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=duration=1:size=160x120:rate=5", "-an", video.string,
                ]
                try await CommandLineProgram("ffmpeg", arguments).succeed()
                try await expectRefusal(of: video.contents(), named: "silent.mp4", status: 422, code: "no_audio")
            }
        }

        @Test("a playlist that points at other files is not followed")
        func playlist() async throws {
            let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
            try await expectRefusal(of: Data(playlist.utf8), named: "list.m3u8", status: 415, code: "unreadable_audio")
            let concat = "ffconcat version 1.0\nfile '/etc/passwd'\n"
            try await expectRefusal(of: Data(concat.utf8), named: "list.ffconcat", status: 415, code: "unreadable_audio")
        }

        @Test(
            "an option with a value that does not exist is refused, in the query and in the form",
            arguments: [
                ("language", "klingon", "unknown_language"), ("model", "no-such-model", "unknown_model"), ("task", "sing", "unknown_task"),
            ]
        )
        func options(name: String, value: String, code: String) async throws {
            let recording = Recordings.path("short-en-1.wav")
            try await expectRefusal(status: 400, code: code) { try await $0.upload(recording, query: "?\(name)=\(value)") }
            try await expectRefusal(status: 400, code: code) { try await $0.upload(recording, fields: [(name, value)]) }
        }

        @Test("a form without a file, a form that breaks off and no form at all are refused")
        func forms() async throws {
            var fileless = MultipartForm()
            fileless.add("language", "en")
            try await expectRefusal(status: 400, code: "missing_file") { try await $0.post(fileless) }

            try await expectRefusal(status: 400, code: "malformed_form") { api in
                try await api.server.ask(
                    "POST",
                    "/api/v1/transcriptions",
                    headers: ["Content-Type": "multipart/form-data; boundary=x"],
                    body: Data("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF".utf8)
                )
            }
            try await expectRefusal(status: 415, code: "not_a_file") { api in
                try await api.server.ask(
                    "POST",
                    "/api/v1/transcriptions",
                    headers: ["Content-Type": "application/x-www-form-urlencoded"],
                    body: Data("file=talk.mp3".utf8)
                )
            }
        }

        @Test(
            "a path that takes other methods names them",
            arguments: [
                ("PUT", "/api/v1/transcriptions", "GET, HEAD, POST"), ("POST", "/api/v1/health", "GET, HEAD"),
                ("PATCH", "/api/v1/uploads", "OPTIONS, POST"), ("GET", "/v1/audio/transcriptions", "POST"), ("GET", "/inference", "POST"),
                ("DELETE", "/v1/models/demo", "GET, HEAD"),
            ]
        )
        func method(method: String, path: String, allowed: String) async throws {
            let answer = try await SharedEarshot.running.api.server.ask(method, path)
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == allowed)
            #expect(answer.text.contains(allowed))
            #expect(try await SharedEarshot.running.api.server.ask(method, path + "/nothing/here").status == 404)
        }

        @Test("a NUL is refused in options and filters, and becomes a space in edits and searches")
        func nul() async throws {
            let api = try SharedEarshot.running.api
            try await expectRefusal(status: 400, code: "text_not_storable") { try await $0.upload(self.recording, query: "?prompt=a%00b") }
            for query in ["q=a%00b", "tag=a%00b", "model=a%00b"] {
                let answer = try await api.server.ask("GET", "/api/v1/transcriptions?\(query)")
                #expect(answer.status == 400)
                #expect(try answer.json(EarshotAPI.Refusal.self).code == "text_not_storable")
            }
            let done = try await api.finished(api.accept(recording).id)
            let change = JSONValue.object(["tags": .list([.text("a\0b")])])
            let changed = try await api.server.send("PATCH", "/api/v1/transcriptions/\(done.id)", json: change).json(JSONValue.self)
            #expect(changed["tags"]?.list == [.text("a b")])
            #expect(try await api.server.ask("GET", "/api/v1/search?q=a%00b").status == 200)
        }

        @Test("an upload of 2 GB that breaks off leaves nothing on disk", arguments: [false, true])
        func brokenOff(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let before = try earshot.storedFiles()
            let api = throughWebsite ? earshot.website : earshot.api
            try await api.uploadAndBreakOff(declaredBytes: 2_000_000_000, after: 64 << 20)
            try await eventually(within: .seconds(20)) { try earshot.storedFiles() == before }
            try await expectWorking(earshot)
        }

        private func expectRefusal(of data: Data, named name: String, status: Int, code: String) async throws {
            try await TemporaryFolder.with { folder in
                let path = folder.appending(name)
                try path.write(data)
                try await expectRefusal(status: status, code: code) { try await $0.upload(path) }
            }
        }

        /// Expects the refusal directly and through the website, and that no trace of the upload is left.
        private func expectRefusal(
            status: Int,
            code: String,
            _ request: (EarshotAPI) async throws -> HTTPAnswer
        ) async throws {
            let earshot = try SharedEarshot.running
            let files = try earshot.storedFiles()
            let total = try await earshot.api.transcriptions().total
            for api in [earshot.api, earshot.website] {
                let answer = try await request(api)
                #expect(answer.status == status, "\(answer.text)")
                let refusal: EarshotAPI.Refusal = try answer.json()
                #expect(refusal.code == code)
                #expect(!refusal.detail.isEmpty)
                #expect(!refusal.detail.contains(earshot.dataFolder.string))
            }
            #expect(try earshot.storedFiles() == files)
            #expect(try await earshot.api.transcriptions().total == total)
            try await expectWorking(earshot)
        }

        private func expectWorking(_ earshot: RunningEarshot) async throws {
            let recording = Recordings.named("short-en-1.mp3")
            let transcription: EarshotAPI.Transcription = try await earshot.api.upload(recording.path, query: "?wait=120").json()
            #expect(transcription.text == recording.text)
        }
    }
}
