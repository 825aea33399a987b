import TestSupport
import Foundation
import SystemPackage
import Testing
import Transcripts

extension Journeys {
    /// OpenAI's API as its own client speaks it: answers that come whole.
    @Suite struct OpenAITests {
        private static let recording = Recordings.named("short-en-1.wav")
        private static let clip = Recordings.named("clip25-en.wav")

        @Test("the client's simplest call gives the text, and what was used", arguments: [false, true])
        func simplest(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let server = throughWebsite ? earshot.website.server : earshot.api.server
            let program =
                "say([check(transcribe(paths[0], model)).to_dict() for model in (\"whisper-1\", \"gpt-4o-mini-transcribe-2025-12-15\", \"demo\")])"
            let answers: [Answer] = try await OpenAIClient.run(program, Self.recording.path, on: server)
            #expect(answers.map(\.text) == [Self.recording.text, Self.recording.text, Self.recording.text])
            #expect(answers.map(\.usage?.type) == ["duration", "tokens", "duration"])
            #expect(abs((answers[0].usage?.seconds ?? 0) - 1.8) < 0.1)
            let tokens = try #require(answers[1].usage)
            #expect(tokens.totalTokens == (tokens.inputTokens ?? 0) + (tokens.outputTokens ?? 0))
            #expect(tokens.inputTokens == 19)
        }

        @Test("text and subtitles come as text")
        func texts() async throws {
            let program = "say([transcribe(paths[0], response_format=format) for format in (\"text\", \"srt\", \"vtt\")])"
            let texts: [String] = try await OpenAIClient.run(program, Self.recording.path, on: SharedEarshot.running.api.server)
            #expect(texts.count == 3)
            #expect(texts[0] == Self.recording.text + "\n")
            #expect(texts[1].hasPrefix("1\n00:00:0") && texts[1].hasSuffix("\n\(Self.recording.text)\n"))
            #expect(texts[2].hasPrefix("WEBVTT\n\n00:00:0") && texts[2].hasSuffix("\n\(Self.recording.text)\n"))
        }

        @Test("verbose_json has every field of the client's types, and words where they are wanted")
        func verbose() async throws {
            let program = """
                say([check(transcribe(paths[0], response_format="verbose_json", **options)).to_dict() for options in (
                    {}, {"timestamp_granularities": ["word", "segment"], "language": "en"}, {"timestamp_granularities": ["word"]})])
                """
            let answers: [Verbose] = try await OpenAIClient.run(program, Self.clip.path, on: SharedEarshot.running.api.server)
            for answer in answers {
                expectText(answer.text, says: Self.clip.text)
                #expect(answer.language == "english" && answer.task == "transcribe" && answer.duration == 25)
                #expect(answer.usage.type == "duration" && answer.usage.seconds == 25)
            }
            #expect(answers[0].words == nil && answers[2].segments == nil)
            let segments = try #require(answers[1].segments)
            #expect(segments.map(\.id) == Array(segments.indices))
            #expect(segments.map(\.text).joined() == " " + answers[1].text)
            #expect(segments.allSatisfy { $0.seek == Int(($0.start * 100).rounded(.down)) && $0.avgLogprob < 0 && $0.compressionRatio > 0 })
            let words = try #require(answers[1].words)
            #expect(words.map(\.word).joined(separator: " ") == answers[1].text)
            #expect(words == answers[2].words)
            #expect(zip(words, words.dropFirst()).allSatisfy { $0.start <= $1.start })
        }

        @Test("of a call, each channel is a speaker; who they are may be said")
        func diarized() async throws {
            try await TemporaryFolder.with { folder in
                let (one, two) = (Recordings.named("short-en-1.wav"), Recordings.named("short-en-2.wav"))
                let call = try await OptionTests.call(one, two, in: folder)
                let program = """
                    say([check(transcribe(paths[0], "gpt-4o-transcribe-diarize", response_format="diarized_json", chunking_strategy="auto",
                        **options)).to_dict() for options in ({}, {"known_speaker_names": ["agent"]})])
                    """
                let answers: [Diarized] = try await OpenAIClient.run(program, call, on: SharedEarshot.running.api.server)
                #expect(answers.map { $0.segments.map(\.speaker) } == [["A", "B"], ["agent", "B"]])
                #expect(answers[0].segments.map(\.text) == [one.text, two.text])
                #expect(answers[0].segments.map(\.type) == ["transcript.text.segment", "transcript.text.segment"])
                #expect(Set(answers[0].segments.map(\.id)).count == 2)
                #expect(answers[0].text == "\(one.text) \(two.text)")
                #expect(answers[0].usage?.type == "tokens")
            }
        }

        @Test("log probabilities come for tokens that make up the text")
        func logprobs() async throws {
            let program = "say(check(transcribe(paths[0], \"gpt-4o-transcribe\", include=[\"logprobs\"])).to_dict())"
            let answer: Answer = try await OpenAIClient.run(program, Self.clip.path, on: SharedEarshot.running.api.server)
            let tokens = try #require(answer.logprobs)
            #expect(tokens.map(\.token).joined() == answer.text)
            #expect(tokens.count > 20)
            #expect(tokens.allSatisfy { $0.logprob <= 0 && $0.bytes == Array($0.token.utf8) })
        }

        @Test("a translation is English, in every format that the client knows")
        func translation() async throws {
            let recording = Recordings.named("short-es-1.wav")
            let program = """
                def translate(**options):
                    return client.audio.translations.create(file=open(paths[0], "rb"), model="whisper-1", **options)
                texts = [translate(response_format=format) for format in ("text", "srt", "vtt")]
                say([check(translate()).text, check(translate(response_format="verbose_json")).to_dict()["language"]] + texts)
                """
            let answers: [String] = try await OpenAIClient.run(program, recording.path, on: SharedEarshot.running.api.server)
            expectText(answers[0], says: recording.translation ?? "", errorRate: 0.25)
            #expect(answers[1] == "english")
            #expect(answers[2] == answers[0] + "\n" && answers[3].contains(answers[0]) && answers[4].contains(answers[0]))
        }

        @Test("unknown fields are ignored, and known ones take effect")
        func options() async throws {
            let api = try SharedEarshot.running.api
            let program = """
                vad = {"type": "server_vad", "threshold": 0.6, "prefix_padding_ms": 250, "silence_duration_ms": 700}
                answer = check(transcribe(paths[0], "gpt-transcribe", prompt="A talk.", temperature=0.2, languages=["en", "de"],
                    keywords=["Earshot", "Whisper"], chunking_strategy=vad, extra_body={"no_such_field": "1", "url": "http://127.0.0.1/"},
                    extra_headers={"OpenAI-Organization": "org"}))
                say(answer.to_dict())
                """
            let answer: Answer = try await OpenAIClient.run(program, Self.recording.path, on: api.server)
            #expect(answer.text == Self.recording.text)
            #expect(answer.languages?.map(\.code) == ["en"])
            let newest = try #require(try await api.transcriptions().items.first)
            let stored: JSONValue = try await api.server.ask("GET", "/api/v1/transcriptions/\(newest.id)").json()
            let options = try #require(stored["options"])
            #expect(options["prompt"] == .text("A talk. Earshot, Whisper."))
            #expect(options["temperature"] == .number(0.2) && options["allowed_languages"] == .list([.text("en"), .text("de")]))
            #expect(options["vad_threshold"] == .number(0.6) && options["vad_margin"] == .number(0.25))
            #expect(options["vad_min_silence"] == .number(0.7))
        }

        @Test("the asynchronous client has several transcribed at once, each with its own text")
        func asynchronous() async throws {
            let recordings = ["short-en-2.wav", "short-de-8.wav", "short-es-1.wav"].map(Recordings.named)
            let program = """
                async def transcribe_one(path):
                    with open(path, "rb") as file:
                        return check(await async_client.audio.transcriptions.create(file=file, model="whisper-1")).text
                async def transcribe_all():
                    return await asyncio.gather(*[transcribe_one(path) for path in paths])
                say(asyncio.run(transcribe_all()))
                """
            let texts: [String] = try await OpenAIClient.run(
                program,
                recordings[0].path,
                recordings[1].path,
                recordings[2].path,
                on: SharedEarshot.running.api.server
            )
            #expect(texts == recordings.map(\.text))
        }

        @Test("a client that prefers not to wait is told at once where the text will be")
        func respondAsync() async throws {
            let api = try SharedEarshot.running.api
            let program = """
                with open(paths[0], "rb") as file:
                    raw = client.audio.transcriptions.with_raw_response.create(file=file, model="whisper-1",
                        extra_headers={"Prefer": "respond-async"})
                say({"status": raw.status_code, "location": raw.headers["location"], "applied": raw.headers["preference-applied"],
                    "body": json.loads(raw.text if isinstance(raw.text, str) else raw.text())})
                """
            let answer: JSONValue = try await OpenAIClient.run(program, Self.clip.path, on: api.server)
            #expect(answer["status"] == .number(202) && answer["applied"] == .text("respond-async"))
            let id = try #require(answer["body"]?["id"]?.text)
            #expect(answer["location"] == .text("/api/v1/transcriptions/\(id)") && answer["body"]?["url"] == answer["location"])
            expectText(try await api.finished(id).text, says: Self.clip.text)
        }

        private struct Answer: Decodable {
            let text: String
            let usage: Usage?
            let logprobs: [Logprob]?
            let languages: [Code]?
        }

        private struct Code: Decodable {
            let code: String
        }

        private struct Usage: Decodable {
            let type: String
            let seconds: Double?
            let inputTokens, outputTokens, totalTokens: Int?
        }

        private struct Logprob: Decodable {
            let token: String
            let logprob: Double
            let bytes: [UInt8]
        }

        private struct Verbose: Decodable {
            struct Segment: Decodable {
                let id, seek: Int
                let start, end: Double
                let text: String
                let avgLogprob, compressionRatio, noSpeechProb, temperature: Double
            }

            struct Word: Decodable, Equatable {
                let word: String
                let start, end: Double
            }

            let task, language, text: String
            let duration: Double
            let segments: [Segment]?
            let words: [Word]?
            let usage: Usage
        }

        private struct Diarized: Decodable {
            struct Segment: Decodable {
                let type, id, text, speaker: String
            }

            let text: String
            let segments: [Segment]
            let usage: Usage?
        }
    }
}
