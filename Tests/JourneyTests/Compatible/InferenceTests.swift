import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// The API of whisper.cpp's server.
    @Suite struct InferenceTests {
        private static let recording = Recordings.named("short-en-1.wav")

        @Test("every format is as that server writes it", arguments: ["json", "text", "srt", "vtt"])
        func formats(format: String) async throws {
            let answer = try await ask([("response_format", format), ("temperature", "0.0"), ("temperature_inc", "0.2")])
            #expect(answer.status == 200)
            let line = " \(Self.recording.text)\n"
            switch format {
            case "json": #expect(try answer.json([String: String].self) == ["text": line])
            case "text": #expect(answer.text == line)
            case "srt":
                #expect(answer.headers["content-type"]?.hasPrefix("application/x-subrip") == true)
                #expect(answer.text.hasPrefix("1\n00:00:0") && answer.text.contains(Self.recording.text))
            default:
                #expect(answer.headers["content-type"]?.hasPrefix("text/vtt") == true)
                #expect(answer.text.hasPrefix("WEBVTT\n\n") && answer.text.contains(Self.recording.text))
            }
        }

        @Test("verbose_json has the language as it was detected, and words with their times")
        func verbose() async throws {
            let result: JSONValue = try await ask([("response_format", "verbose_json")]).json()
            #expect(result["task"] == .text("transcribe") && result["language"] == .text("english"))
            #expect(result["text"] == .text(" \(Self.recording.text)\n"))
            #expect(result["detected_language"] == .text("english"))
            let probability = try #require(result["detected_language_probability"]?.number)
            #expect(result["language_probabilities"] == .object(["en": .number(probability)]))
            #expect(abs((result["duration"]?.number ?? 0) - 1.8) < 0.1)
            let segment = try #require(result["segments"]?.list?.first)
            for name in ["id", "start", "end", "temperature", "avg_logprob", "no_speech_prob"] {
                #expect(segment[name]?.number != nil, "\(name)")
            }
            let words = try #require(segment["words"]?.list)
            #expect(words.compactMap { $0["word"]?.text }.joined() == " " + Self.recording.text)
            #expect(words.allSatisfy { $0["start"]?.number != nil && $0["t_dtw"]?.number != nil && $0["probability"]?.number != nil })

            let bare: JSONValue = try await ask([("response_format", "verbose_json"), ("no_timestamps", "true"), ("language", "en")]).json()
            #expect(bare["segments"]?.list?.first?["start"] == nil && bare["detected_language"] == nil)
        }

        @Test("a client can request a part, a translation and speakers")
        func options() async throws {
            let part: JSONValue = try await ask(
                [("response_format", "verbose_json"), ("offset_t", "60000"), ("duration", "20000"), ("max_len", "0"), ("best_of", "2")],
                file: Recordings.path("long-en.wav")
            ).json()
            let times = try #require(part["segments"]?.list?.compactMap { $0["start"]?.number })
            #expect(!times.isEmpty && times.allSatisfy { (60...80).contains($0) })

            let spanish = Recordings.named("short-es-1.wav")
            let translation: [String: String] = try await ask([("translate", "true"), ("language", "es")], file: spanish.path).json()
            expectText(translation["text"], says: spanish.translation ?? "", errorRate: 0.25)

            try await TemporaryFolder.with { folder in
                let (one, two) = (Recordings.named("short-en-1.wav"), Recordings.named("short-en-2.wav"))
                let call = try await OptionTests.call(one, two, in: folder)
                let answer = try await ask([("diarize", "true"), ("response_format", "text")], file: call)
                #expect(answer.text == "(speaker 0) \(one.text)\n(speaker 1) \(two.text)\n")
            }
        }

        @Test("a refusal has that server's format")
        func refusals() async throws {
            let format = try await ask([("response_format", "pdf")])
            #expect(format.status == 400)
            #expect(try format.json([String: String].self)["error"]?.contains("response_format") == true)
            let form = MultipartForm()
            let server = try SharedEarshot.running.api.server
            let nothing = try await server.ask("POST", "/inference", headers: ["Content-Type": form.contentType], body: form.data)
            #expect(nothing.status == 400)
            #expect(try nothing.json([String: String].self)["error"]?.contains("“file”") == true)
        }

        private func ask(_ fields: [(String, String)], file: FilePath = Self.recording.path) async throws -> HTTPAnswer {
            var form = MultipartForm()
            for (name, value) in fields { form.add(name, value) }
            try form.addFile("file", filename: "a.wav", file.contents())
            return try await SharedEarshot.running.api.server.ask(
                "POST",
                "/inference",
                headers: ["Content-Type": form.contentType],
                body: form.data,
                within: .seconds(120)
            )
        }
    }
}
