import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Errors as OpenAI's own client raises them.
    @Suite struct OpenAIErrorTests {
        private static let recording = Recordings.named("short-en-1.wav")

        @Test(
            "the client raises its own errors, which say what is wrong",
            arguments: [
                ("model=\"no-such-model\"", "NotFoundError 404 model_not_found model"),
                ("model=\"whisper-1\", language=\"klingon\"", "BadRequestError 400 unknown_language language"),
                ("model=\"whisper-1\", temperature=3", "BadRequestError 400 invalid_temperature temperature"),
                ("model=\"whisper-1\", response_format=\"xml\"", "BadRequestError 400 invalid_response_format response_format"),
                ("model=\"whisper-1\", response_format=\"diarized_json\"", "BadRequestError 400 unsupported_value response_format"),
                ("model=\"gpt-4o-transcribe\", response_format=\"srt\"", "BadRequestError 400 unsupported_value response_format"),
                (
                    "model=\"whisper-1\", timestamp_granularities=[\"word\"]",
                    "BadRequestError 400 unsupported_value timestamp_granularities"
                ),
                ("model=\"whisper-1\", include=[\"logprobs\"]", "BadRequestError 400 unsupported_parameter include"),
                ("model=\"gpt-4o-transcribe-diarize\", prompt=\"Hi\"", "BadRequestError 400 unsupported_parameter prompt"),
                (
                    "model=\"gpt-4o-transcribe-diarize\", known_speaker_references=[\"data:audio/wav;base64,AAAA\"]",
                    "BadRequestError 400 unsupported_parameter known_speaker_references"
                ),
                (
                    "model=\"whisper-1\", chunking_strategy={\"type\": \"guess\"}",
                    "BadRequestError 400 invalid_chunking_strategy chunking_strategy"
                ),
            ]
        )
        func options(options: String, expected: String) async throws {
            try await expectError("transcribe(paths[0], \(options))", expected)
        }

        @Test(
            "a file that is not a recording is refused with a reason",
            arguments: [
                (Data(), "BadRequestError 400 empty_file None"),
                (Data(String(repeating: "This is no sound. ", count: 500).utf8), "BadRequestError 400 unreadable_audio None"),
            ]
        )
        func files(content: Data, expected: String) async throws {
            try await TemporaryFolder.with { folder in
                let path = folder.appending("a.mp3")
                try path.write(content)
                try await expectError("transcribe(paths[0])", expected, path: path)
            }
        }

        @Test("unknown paths and unknown models are refused in OpenAI's format")
        func paths() async throws {
            try await expectError("client.get(\"/nothing/here\", cast_to=object)", "NotFoundError 404 not_found None")
            try await expectError("client.models.retrieve(\"no-such-model\")", "NotFoundError 404 model_not_found model")
        }

        @Test("forms without a file or a model, damaged forms and other bodies are refused in OpenAI's format")
        func forms() async throws {
            let server = try SharedEarshot.running.api.server
            let path = "/v1/audio/transcriptions"
            func code(_ contentType: String, _ body: Data) async throws -> String? {
                let answer = try await server.ask("POST", path, headers: ["Content-Type": contentType], body: body)
                #expect(answer.status == 400)
                let error = try answer.json(JSONValue.self)["error"]
                #expect(error?["message"]?.text?.isEmpty == false && error?["type"] == .text("invalid_request_error"))
                return error?["code"]?.text
            }
            var form = MultipartForm()
            form.add("model", "whisper-1")
            #expect(try await code(form.contentType, form.data) == "missing_file")
            form = MultipartForm()
            try form.addFile("file", filename: "a.wav", Self.recording.path.contents())
            #expect(try await code(form.contentType, form.data) == "missing_model")
            #expect(try await code(form.contentType, form.data.dropLast(30)) == "malformed_form")
            #expect(try await code("application/json", Data("{}".utf8)) == "not_a_form")
        }

        @Test("a file beyond the limit is refused")
        func tooLarge() async throws {
            try await RunningEarshot.with(environment: ["MAX_FILE_SIZE_MB": "1"]) { earshot in
                let path = Recordings.path("long-en.wav")
                let error = try await error(of: "transcribe(paths[0])", path: path, on: earshot.api.server)
                #expect(error == "APIStatusError 413 file_too_large None")
                #expect(try earshot.storedFiles().isEmpty)
            }
        }

        /// Expects that a call raises an error, and that nothing is left of it.
        private func expectError(_ call: String, _ expected: String, path: FilePath = Self.recording.path) async throws {
            let earshot = try SharedEarshot.running
            let before = try (files: earshot.storedFiles(), total: await earshot.api.transcriptions().total)
            #expect(try await error(of: call, path: path, on: earshot.api.server) == expected)
            #expect(try earshot.storedFiles() == before.files)
            #expect(try await earshot.api.transcriptions().total == before.total)
        }

        private func error(of call: String, path: FilePath, on server: HTTPServer) async throws -> String {
            let program = """
                try:
                    \(call)
                    say("no error")
                except openai.APIStatusError as error:
                    assert error.type == "invalid_request_error" and error.body["message"], error.body
                    say(f"{type(error).__name__} {error.status_code} {error.code} {error.param}")
                """
            return try await OpenAIClient.run(program, path, on: server)
        }
    }
}
