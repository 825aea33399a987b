import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Clients that wait for the text in the same request: what is kept, and what happens when they disconnect.
    @Suite struct AwaitedTranscriptionTests {
        private static let recording = Recordings.named("short-en-1.wav")

        @Test(
            "a client that disconnects while it waits leaves nothing, and the worker is free again",
            arguments: ["/v1/audio/transcriptions", "/asr", "/inference", "/detect-language"],
            [false, true]
        )
        func departure(path: String, throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            try await expectNothingLeft(of: earshot) { speech in
                var form = MultipartForm()
                if path.hasPrefix("/v1") { form.add("model", "whisper-1") }
                let isWebService = ["/asr", "/detect-language"].contains(path)
                try form.addFile(isWebService ? "audio_file" : "file", filename: "long.wav", speech.contents())
                let (server, body) = ((throughWebsite ? earshot.website : earshot.api).server, form)
                let waiting = Task {
                    try await server.ask("POST", path, headers: ["Content-Type": body.contentType], body: body.data, within: .seconds(300))
                }
                try await eventually { try await earshot.api.transcriptions().items.first?.status == "processing" }
                waiting.cancel()
                _ = await waiting.result
            }
        }

        @Test("a client that disconnects from a stream leaves nothing, and the worker is free again")
        func departureFromStream() async throws {
            let earshot = try SharedEarshot.running
            try await expectNothingLeft(of: earshot) { speech in
                let program = """
                    stream = transcribe(paths[0], "gpt-4o-transcribe", stream=True)
                    say(next(iter(stream)).type)
                    stream.close()
                    """
                let first: String = try await OpenAIClient.run(program, speech, on: earshot.api.server)
                #expect(first == "transcript.text.delta")
            }
        }

        @Test("a transcription that a client waited for is in the library")
        func kept() async throws {
            let earshot = try SharedEarshot.running
            try await TemporaryFolder.with { folder in
                let path = try await Self.recording.copy(in: folder)
                let before = try await earshot.api.transcriptions().total
                let text: String = try await OpenAIClient.run("say(transcribe(paths[0]).text)", path, on: earshot.api.server)
                let page = try await earshot.api.transcriptions()
                #expect(page.total == before + 1)
                #expect(page.items.first?.text == text)
                #expect(page.items.first?.audioFileOriginalFilename == Self.recording.name)
            }
        }

        @Test("the recording is described, although its transcription started before it was probed")
        func examined() async throws {
            let api = try SharedEarshot.running.api
            try await TemporaryFolder.with { folder in
                let path = try await Recordings.named("short-en-1.webm").copy(in: folder)
                var form = MultipartForm()
                form.add("model", "whisper-1")
                // Neither the type nor the name shows that the file has no video.
                try form.addFile("file", filename: "talk.webm", path.contents())
                let headers = ["Content-Type": form.contentType]
                let answer = try await api.server.ask(
                    "POST",
                    "/v1/audio/transcriptions",
                    headers: headers,
                    body: form.data,
                    within: .seconds(120)
                )
                #expect(answer.status == 200)
                let newest = try await api.server.ask("GET", "/api/v1/transcriptions?limit=1").json(JSONValue.self)["items"]?.list?.first
                #expect(newest?["audio_file_original_filename"]?.text == "talk.webm")
                #expect(newest?["audio_file_media_type"]?.text == "audio/webm")
            }
        }

        @Test("nothing is kept if the settings say so")
        func notKept() async throws {
            try await RunningEarshot.with(environment: ["KEEP_API_TRANSCRIPTIONS": "false"]) { earshot in
                let program = """
                    say([transcribe(paths[0]).text,
                        "".join(event.delta for event in transcribe(paths[0], "gpt-4o-transcribe", stream=True) if event.type.endswith("delta"))])
                    """
                let texts: [String] = try await OpenAIClient.run(program, Self.recording.path, on: earshot.api.server)
                #expect(texts == [Self.recording.text, Self.recording.text])
                #expect(try await earshot.api.transcriptions().total == 0)
                #expect(try earshot.storedFiles().isEmpty)
                // Without a waiting client the transcription is kept until it is fetched.
                let accepted = try await earshot.api.accept(Self.recording.path)
                #expect(try await earshot.api.finished(accepted.id).text == Self.recording.text)
                #expect(try await earshot.api.transcriptions().total == 1)
            }
        }

        @Test("a server that stops says so to waiting clients, and resumes their recordings after the next start")
        func stopping() async throws {
            try await RunningEarshot.with { earshot in
                try await TemporaryFolder.with { folder in
                    let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                    let program = """
                        try:
                            transcribe(paths[0])
                        except openai.InternalServerError as error:
                            say(f"{error.status_code} {error.code}")
                        """
                    async let answer: String = OpenAIClient.run(program, speech.path, on: earshot.api.server)
                    try await eventually { try await earshot.api.transcriptions().items.first?.status == "processing" }
                    try await earshot.terminate()
                    #expect(try await answer == "503 stopping")
                    try await earshot.start()
                    let left = try #require(try await earshot.api.transcriptions().items.first)
                    let done = try await earshot.api.finished(left.id)
                    #expect(done.status == "completed")
                    expectText(done.text, says: speech.text, errorRate: 0.15)
                }
            }
        }

        /// Disconnects a client during a recording of some minutes, and expects that no trace of it is left.
        private func expectNothingLeft(of earshot: RunningEarshot, after goAway: (FilePath) async throws -> Void) async throws {
            try await TemporaryFolder.with { folder in
                let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                let before = try (files: earshot.storedFiles(), total: await earshot.api.transcriptions().total)
                try await goAway(speech.path)
                try await eventually(within: .seconds(30)) { try await earshot.api.transcriptions().total == before.total }
                try await eventually(within: .seconds(30)) { try earshot.storedFiles() == before.files && earshot.spools().isEmpty }
                let next: EarshotAPI.Transcription = try await earshot.api.upload(Self.recording.path, query: "?wait=120").json()
                #expect(next.text == Self.recording.text)
            }
        }
    }
}
