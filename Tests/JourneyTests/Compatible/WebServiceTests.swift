import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// The API of whisper-asr-webservice, as Bazarr uses it.
    @Suite struct WebServiceTests {
        private static let recording = Recordings.named("short-en-1.wav")

        @Test("every output has the text and that server's headers", arguments: ["txt", "vtt", "srt", "tsv", "json"])
        func outputs(output: String) async throws {
            let answer = try await ask("/asr?output=\(output)&language=en&word_timestamps=true", Self.recording.path.contents())
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(answer.headers["content-disposition"]?.contains("audio_file.\(output)") == true)
            #expect(answer.headers["asr-engine"] == "whisper.cpp")
            switch output {
            case "txt": #expect(answer.text == Self.recording.text + "\n")
            case "vtt": #expect(answer.text.hasPrefix("WEBVTT\n"))
            case "srt": #expect(answer.text.hasPrefix("1\n00:00:0") && answer.text.hasSuffix("\(Self.recording.text)\n"))
            case "tsv": #expect(answer.text.hasPrefix("start\tend\ttext\n") && answer.text.hasSuffix("\t\(Self.recording.text)\n"))
            default:
                let result: JSONValue = try answer.json()
                #expect(result["text"] == .text(Self.recording.text) && result["language"] == .text("en"))
                let segment = try #require(result["segments"]?.list?.first)
                #expect(segment["text"] == .text(" " + Self.recording.text) && segment["id"] == .number(0))
                for name in ["seek", "start", "end", "temperature", "avg_logprob", "compression_ratio", "no_speech_prob"] {
                    #expect(segment[name]?.number != nil, "\(name)")
                }
                let words = try #require(segment["words"]?.list)
                #expect(words.compactMap { $0["word"]?.text }.joined() == " " + Self.recording.text)
                #expect(words.allSatisfy { $0["start"]?.number != nil && $0["end"]?.number != nil && $0["probability"]?.number != nil })
            }
        }

        @Test("raw sound, as Bazarr sends it, becomes subtitles and a recording that players can play", arguments: [false, true])
        func bareSound(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let recording = Recordings.named("short-es-1.wav")
            let sound = try await bareSound(of: recording)
            let server = throughWebsite ? earshot.website.server : earshot.api.server
            let query = "?task=transcribe&language=es&output=srt&encode=false&video_file=%2Ffilms%2FEl%20d%C3%ADa.mkv"
            let answer = try await ask("/asr" + query, sound, of: server)
            #expect(answer.status == 200)
            #expect(answer.text.contains(recording.text))
            let page = try await earshot.api.transcriptions()
            let kept = try #require(page.items.first { $0.audioFileOriginalFilename == "El día.mkv.wav" })
            #expect(abs((kept.durationSeconds ?? 0) - Double(sound.count) / 32_000) < 0.01)
            let audio = try await earshot.api.server.ask("GET", "/api/v1/transcriptions/\(kept.id)/audio")
            #expect(audio.headers["content-type"] == "audio/wav")
            #expect(audio.body.count == sound.count + 44 && audio.body.suffix(sound.count) == sound)

            let translated = try await ask("/asr?task=translate&language=es&output=txt&encode=false", sound, of: server)
            expectText(translated.text, says: recording.translation ?? "", errorRate: 0.25)
        }

        @Test(
            "the language of raw sound is detected, and the sound is not kept",
            arguments: ["short-en-1.wav", "short-de-1.wav", "clip25-es.wav"]
        )
        func language(name: String) async throws {
            let earshot = try SharedEarshot.running
            let recording = Recordings.named(name)
            let before = try (files: earshot.storedFiles(), total: await earshot.api.transcriptions().total)
            let answer = try await ask("/detect-language?encode=false", bareSound(of: recording))
            #expect(answer.status == 200)
            let detected: JSONValue = try answer.json()
            let names = ["en": "english", "de": "german", "es": "spanish"]
            #expect(detected["language_code"]?.text == recording.language)
            #expect(detected["detected_language"]?.text == names[recording.language ?? ""])
            #expect((0.3...1).contains(detected["confidence"]?.number ?? 0))
            #expect(try earshot.storedFiles() == before.files)
            #expect(try await earshot.api.transcriptions().total == before.total)
        }

        @Test("a recording without speech and a request without a file are refused")
        func refusals() async throws {
            let silence = try await ask("/detect-language", Recordings.path("silence.wav").contents())
            #expect(silence.status == 422)
            #expect(try silence.json(EarshotAPI.Refusal.self).code == "no_speech")
            let output = try await ask("/asr?output=pdf", Self.recording.path.contents())
            #expect(output.status == 400)
            #expect(try output.json(EarshotAPI.Refusal.self).code == "invalid_output")
            let empty = try await ask("/asr?encode=false", Data())
            #expect(empty.status == 400)
            #expect(try empty.json(EarshotAPI.Refusal.self).code == "empty_file")
            var form = MultipartForm()
            try form.addFile("file", filename: "a.wav", Self.recording.path.contents())
            let other = try await SharedEarshot.running.api.server.ask(
                "POST",
                "/asr",
                headers: ["Content-Type": form.contentType],
                body: form.data
            )
            #expect(other.status == 400)
            let refusal: EarshotAPI.Refusal = try other.json()
            #expect(refusal.code == "missing_file" && refusal.detail.contains("audio_file"))
        }

        /// Sends a file without a name of its own, as Python's requests does with bytes.
        private func ask(_ path: String, _ content: Data, of server: HTTPServer? = nil) async throws -> HTTPAnswer {
            var form = MultipartForm()
            form.addFile("audio_file", filename: "audio_file", content)
            return try await (server ?? SharedEarshot.running.api.server).ask(
                "POST",
                path,
                headers: ["Content-Type": form.contentType],
                body: form.data,
                within: .seconds(120)
            )
        }

        /// 16-bit samples, 16,000 a second, and nothing else.
        private func bareSound(of recording: Recording) async throws -> Data {
            try await TemporaryFolder.with { folder in
                let path = folder.appending("sound.raw")
                try await CommandLineProgram(
                    "ffmpeg",
                    ["-v", "error", "-i", recording.path.string, "-f", "s16le", "-ac", "1", "-ar", "16000", path.string]
                ).succeed()
                return try path.contents()
            }
        }
    }
}
