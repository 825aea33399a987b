import TestSupport
import Foundation
import SystemPackage
import Testing
import Transcripts

extension Journeys {
    /// OpenAI's API as its own client speaks it: answers that come while they grow.
    @Suite struct OpenAIStreamTests {
        private static let long = Recordings.named("long-en.wav")

        @Test("the text grows while the work goes on, and its pieces are the text", arguments: [false, true])
        func deltas(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let program = """
                events, status = [], None
                for event in transcribe(paths[0], "gpt-4o-transcribe", stream=True):
                    events.append(check(event).to_dict())
                    if status is None:
                        with urllib.request.urlopen(address + "/api/v1/transcriptions?limit=1") as answer:
                            status = json.load(answer)["items"][0]["status"]
                say({"events": events, "status_at_first": status})
                """
            let server = (throughWebsite ? earshot.website : earshot.api).server
            let stream: Stream = try await TemporaryFolder.with { folder in
                try await OpenAIClient.run(program, Self.long.copy(in: folder), on: server)
            }
            #expect(stream.statusAtFirst == "processing")
            let done = try #require(stream.events.last)
            #expect(done.type == "transcript.text.done")
            #expect(done.usage?["type"] == .text("tokens"))
            let deltas = stream.events.dropLast()
            #expect(deltas.count > 5)
            #expect(deltas.allSatisfy { $0.type == "transcript.text.delta" && $0.delta?.isEmpty == false })
            #expect(deltas.compactMap(\.delta).joined() == done.text)
            expectText(done.text, says: Self.long.text, errorRate: 0.15)
        }

        @Test("the asynchronous client streams, too, with the log probabilities of each piece")
        func logprobs() async throws {
            let program = """
                async def events():
                    with open(paths[0], "rb") as file:
                        stream = await async_client.audio.transcriptions.create(file=file, model="gpt-4o-mini-transcribe",
                            include=["logprobs"], stream=True)
                        return [check(event).to_dict() async for event in stream]
                say(asyncio.run(events()))
                """
            let recording = Recordings.named("clip25-en.wav")
            let events: [Event] = try await OpenAIClient.run(program, recording.path, on: SharedEarshot.running.api.server)
            let done = try #require(events.last)
            for delta in events.dropLast() {
                #expect(try #require(delta.logprobs).compactMap { $0["token"]?.text }.joined() == delta.delta)
            }
            #expect(done.logprobs?.compactMap { $0["token"]?.text }.joined() == done.text)
            expectText(done.text, says: recording.text)
        }

        @Test("a stream of a call tells who said each piece")
        func diarized() async throws {
            try await TemporaryFolder.with { folder in
                let (one, two) = (Recordings.named("short-en-1.wav"), Recordings.named("short-en-2.wav"))
                let call = try await OptionTests.call(one, two, in: folder)
                let program = """
                    stream = transcribe(paths[0], "gpt-4o-transcribe-diarize", response_format="diarized_json", stream=True)
                    say([check(event).to_dict() for event in stream])
                    """
                let events: [Event] = try await OpenAIClient.run(program, call, on: SharedEarshot.running.api.server)
                let segments = events.filter { $0.type == "transcript.text.segment" }
                let deltas = events.filter { $0.type == "transcript.text.delta" }
                #expect(segments.map(\.speaker) == ["A", "B"])
                #expect(segments.map(\.text) == [one.text, two.text])
                #expect(deltas.map(\.segmentId) == segments.map(\.id))
                #expect(deltas.compactMap(\.delta).joined() == events.last?.text)
            }
        }

        @Test("whisper-1 ignores `stream`, as OpenAI does; a stream has data without event names")
        func whisper() async throws {
            let server = try SharedEarshot.running.api.server
            func answer(model: String) async throws -> HTTPAnswer {
                var form = MultipartForm()
                form.add("model", model)
                form.add("stream", "true")
                try form.addFile("file", filename: "a.wav", Recordings.path("short-en-1.wav").contents())
                return try await server.ask(
                    "POST",
                    "/v1/audio/transcriptions",
                    headers: ["Content-Type": form.contentType],
                    body: form.data,
                    within: .seconds(120)
                )
            }
            let whole = try await answer(model: "whisper-1")
            #expect(whole.headers["content-type"]?.hasPrefix("application/json") == true)
            #expect(try whole.json(Event.self).text == Recordings.named("short-en-1.wav").text)
            let stream = try await answer(model: "gpt-4o-transcribe")
            #expect(stream.headers["content-type"]?.hasPrefix("text/event-stream") == true)
            let lines = stream.text.split(separator: "\n").filter { !$0.hasPrefix(":") }
            #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("data: {") })
        }

        private struct Stream: Decodable {
            let events: [Event]
            let statusAtFirst: String
        }

        private struct Event: Decodable {
            let type: String?
            let delta: String?
            let text: String?
            let id: String?
            let speaker: String?
            let segmentId: String?
            let logprobs: [JSONValue]?
            let usage: JSONValue?
        }
    }
}
