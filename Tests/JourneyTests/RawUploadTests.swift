import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Uploads whose body is the file itself.
    @Suite struct RawUploadTests {
        private static let recording = Recordings.named("short-en-1.m4a")

        @Test(
            "a body that is the file is accepted with any media type, or none",
            arguments: ["audio/mp4", "video/mp4", "application/octet-stream", "x-unknown/thing", ""]
        )
        func types(type: String) async throws {
            let earshot = try SharedEarshot.running
            let transcription = try await post(
                earshot.api,
                "?wait=120&filename=%C3%9Cbung.m4a&language=en&duplicate=true",
                type.isEmpty ? [:] : ["Content-Type": type],
                Self.recording.path.contents()
            )
            #expect(transcription.text == Self.recording.text)
            #expect(transcription.requestedLanguage == "en")
            #expect(transcription.name == "Übung.m4a")
        }

        @Test("Content-Disposition names the file, too, and curl sends it through the website")
        func disposition() async throws {
            let earshot = try SharedEarshot.running
            let headers = ["Content-Type": "audio/mp4", "Content-Disposition": "attachment; filename=\"talk 1.m4a\""]
            let transcription = try await post(earshot.website, "?wait=120&duplicate=true", headers, Self.recording.path.contents())
            #expect(transcription.name == "talk 1.m4a")
            let curl = try await CommandLineProgram(
                "curl",
                [
                    "-sS", "--data-binary", "@\(Self.recording.path)", "-H", "Content-Type: audio/mp4",
                    earshot.website.server.address + "/api/v1/transcriptions?wait=120",
                ]
            ).succeed()
            let answer = HTTPAnswer(status: 201, body: Data(curl.output.utf8))
            #expect(try answer.json(EarshotAPI.Transcription.self).text == Self.recording.text)
        }

        @Test("an option in the query is validated before the file is read, and a body that is not a recording is refused")
        func refusals() async throws {
            let earshot = try SharedEarshot.running
            let before = try earshot.storedFiles()
            let path = "/api/v1/transcriptions"
            let audio = ["Content-Type": "audio/mpeg"]
            let server = earshot.api.server
            try expect(await server.ask("POST", path + "?language=klingon", headers: audio, body: Data("x".utf8)), 400, "unknown_language")
            try expect(await server.ask("POST", path, headers: audio, body: Data("This is no sound.".utf8)), 415, "unreadable_audio")
            try expect(await server.ask("POST", path, headers: audio, body: Data()), 400, "empty_file")
            try expect(await server.ask("POST", path), 400, "empty_file")
            #expect(try earshot.storedFiles() == before)
        }

        @Test("a recording sent with curl -d is refused with a working command")
        func urlEncoded() async throws {
            let earshot = try SharedEarshot.running
            let curl = try await CommandLineProgram(
                "curl",
                ["-sS", "-d", "@\(Self.recording.path)", earshot.api.server.address + "/api/v1/transcriptions"]
            ).succeed()
            let refusal = try HTTPAnswer(status: 415, body: Data(curl.output.utf8)).json(EarshotAPI.Refusal.self)
            #expect(refusal.code == "not_a_file")
            #expect(refusal.detail.contains("-F file=@"))
            #expect(refusal.detail.contains("--data-binary"))
        }

        @Test("a body over the limit is refused, with or without a Content-Length, and leaves nothing")
        func tooLarge() async throws {
            try await RunningEarshot.with(environment: ["MAX_FILE_SIZE_MB": "1"]) { earshot in
                let address = earshot.api.server.address + "/api/v1/transcriptions"
                try await TemporaryFolder.with { folder in
                    let file = folder.appending("long.wav")
                    try file.write(Data(count: 1_000_001))
                    for chunked in [[], ["-H", "Transfer-Encoding: chunked"]] {
                        let arguments = ["-sS", "-H", "Content-Type: audio/wav", "--data-binary", "@\(file)"] + chunked + [address]
                        let curl = try await CommandLineProgram("curl", arguments).succeed()
                        let refusal = try HTTPAnswer(status: 413, body: Data(curl.output.utf8)).json(EarshotAPI.Refusal.self)
                        #expect(refusal.code == "file_too_large")
                    }
                }
                #expect(try earshot.storedFiles().isEmpty)
            }
        }

        private func post(
            _ api: EarshotAPI,
            _ query: String,
            _ headers: [String: String],
            _ body: Data
        ) async throws -> EarshotAPI.Transcription {
            let answer = try await api.server.ask(
                "POST",
                "/api/v1/transcriptions" + query,
                headers: headers,
                body: body,
                within: .seconds(300)
            )
            #expect(answer.status == 201)
            return try answer.json()
        }
    }
}
