import Foundation
import TestSupport
import Testing

extension Journeys {
    /// The same recording again: the same options return the existing transcription, others make a new one.
    @Suite struct AgainTests {
        private func again(_ file: String, _ query: String, body: JSONValue? = nil) async throws -> HTTPAnswer {
            let server = try SharedEarshot.running.api.server
            let path = "/api/v1/audio-files/\(file)/transcriptions\(query)"
            return if let body { try await server.send("POST", path, json: body) } else { try await server.ask("POST", path) }
        }

        @Test("the same upload again returns the existing transcription, unless a duplicate is requested")
        func sameUpload() async throws {
            let earshot = try SharedEarshot.running
            let recording = Recordings.path("short-es-4.wav")
            let first = try await earshot.api.finished(earshot.api.accept(recording).id)
            let files = try earshot.storedFiles()
            let second = try await earshot.api.upload(recording, as: "copy.wav", query: "?wait=60", isDuplicate: false)
            #expect(second.status == 200)
            #expect(second.headers["location"] == "/api/v1/transcriptions/\(first.id)")
            #expect(try second.json(EarshotAPI.Transcription.self) == first)
            let third = try await earshot.api.upload(recording, as: "copy.wav", isDuplicate: true)
            #expect(third.status == 201)
            let other: EarshotAPI.Transcription = try third.json()
            #expect(other.id != first.id)
            #expect(other.audioFileId == first.audioFileId)
            #expect(other.name == "copy.wav")
            let german = try await earshot.api.upload(recording, query: "?language=de", isDuplicate: false)
            #expect(german.status == 201)
            #expect(try earshot.storedFiles() == files)
        }

        @Test("a recording is transcribed again with options in the query, a form or JSON, and with the same options once")
        func again() async throws {
            let earshot = try SharedEarshot.running
            let first = try await earshot.api.finished(earshot.api.accept(Recordings.path("short-es-5.wav")).id)
            let file = first.audioFileId
            let same = try await again(file, "?model=demo")
            #expect(same.status == 200)
            #expect(try same.json(EarshotAPI.Transcription.self).id == first.id)

            let inQuery = try await again(file, "?model=demo&language=es&wait=60")
            #expect(inQuery.status == 201)
            let done: EarshotAPI.Transcription = try inQuery.json()
            #expect(done.requestedLanguage == "es")
            #expect(done.text == Recordings.named("short-es-5.wav").text)
            let inJSON = try await again(file, "", body: .object(["model": .text("demo"), "language": .text("Spanish")]))
            #expect(inJSON.status == 200)
            #expect(try inJSON.json(EarshotAPI.Transcription.self).id == done.id)
            let inForm = try await earshot.api.server.ask(
                "POST",
                "/api/v1/audio-files/\(file)/transcriptions",
                headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Data("model=demo&language=es&prompt=Hola+se%C3%B1or".utf8)
            )
            #expect(inForm.status == 201)
            #expect(try inForm.json(JSONValue.self)["options"]?["prompt"]?.text == "Hola señor")

            let all: [EarshotAPI.Transcription] = try await earshot.api.server.ask("GET", "/api/v1/audio-files/\(file)/transcriptions")
                .json()
            #expect(all.count == 3)
            #expect(all.last?.id == first.id)
            let newest = try await earshot.api.server.ask("GET", "/api/v1/audio-files/\(file)/transcriptions?limit=1")
            #expect(try newest.json([EarshotAPI.Transcription].self).map(\.id) == [all[0].id])
            let files = try earshot.storedFiles().count
            #expect(try await earshot.api.server.ask("DELETE", "/api/v1/audio-files/\(file)").status == 204)
            #expect(try earshot.storedFiles().count == files - 1)
            for transcription in all {
                #expect(try await earshot.api.server.ask("GET", "/api/v1/transcriptions/\(transcription.id)").status == 404)
            }
        }

        @Test(
            "an invalid option is refused by name",
            arguments: [
                ("?language=de", 400, "missing_model"), ("?model=none-such", 400, "unknown_model"),
                ("?model=demo&beam_size=x", 400, "invalid_beam_size"),
                ("?model=demo&enable_llm_enhancement=true", 409, "enhancement_unavailable"),
                ("?model=demo&enable_tashkeel=true", 409, "enhancement_unavailable"), ("?model=demo", 404, "audio_file_not_found"),
                ("?model=demo&channels=separate", 404, "audio_file_not_found"),
            ]
        )
        func refusals(query: String, status: Int, code: String) async throws {
            let answer = try await again(UUID().uuidString, query)
            #expect(answer.status == status)
            #expect(try answer.json(EarshotAPI.Refusal.self).code == code)
        }

        @Test("an audio file that does not exist is a 404", arguments: ["\(UUID())", "x"])
        func unknownFile(id: String) async throws {
            let server = try SharedEarshot.running.api.server
            for (method, path) in [("GET", "/transcriptions"), ("POST", "/transcriptions?model=demo"), ("DELETE", "")] {
                let answer = try await server.ask(method, "/api/v1/audio-files/\(id)\(path)")
                #expect(answer.status == 404)
                #expect(try answer.json(EarshotAPI.Refusal.self).code == "audio_file_not_found")
            }
        }

        @Test("channels are transcribed separately also when that is requested later")
        func channels() async throws {
            try await TemporaryFolder.with { folder in
                let (one, two) = (Recordings.named("short-en-5.wav"), Recordings.named("short-en-6.wav"))
                let call = try await OptionTests.call(one, two, in: folder)
                let mixed = try await SharedEarshot.running.api.accept(call)
                let separate = try await again(mixed.audioFileId, "?model=demo&channels=separate&wait=120")
                let done: EarshotAPI.Transcription = try separate.json()
                #expect(done.segments?.map(\.speaker) == ["Speaker 1", "Speaker 2"])
            }
        }

        @Test("a range that is transcribed again replaces its part of the text as a new revision")
        func range() async throws {
            let api = try SharedEarshot.running.api
            let whole = try await api.finished(api.accept(Recordings.path("clip25-en.wav"), query: "?word_timestamps=true").id)
            let segments = try #require(whole.segments)
            try #require(segments.count > 2)
            // The first segment's text is damaged, then recognized again.
            let spoilt = segments.map { segment -> JSONValue in
                let text = segment.id == 0 ? "Something else entirely." : segment.text
                return .object(["start": .number(segment.start), "end": .number(segment.end), "text": .text(text)])
            }
            let change = JSONValue.object(["segments": .list(spoilt), "revision": .number(0)])
            #expect(try await api.server.send("PATCH", "/api/v1/transcriptions/\(whole.id)", json: change).status == 200)
            let end = (segments[0].end + segments[1].start) / 2
            let body = JSONValue.object(["start": .number(0), "end": .number(end)])
            let answer = try await api.server.send("POST", "/api/v1/transcriptions/\(whole.id)/ranges?wait=120", json: body)
            #expect(answer.status == 201, "\(answer.text)")
            #expect(try answer.json(JSONValue.self)["range_of"]?.text == whole.id)
            let range: EarshotAPI.Transcription = try answer.json()
            #expect(range.status == "completed")
            let mended = try await api.transcription(whole.id)
            #expect(mended.revision == 2)
            expectText(mended.text, says: whole.text ?? "", errorRate: 0.1)
            #expect(mended.segments?.last == segments.last)
            #expect(mended.segments?.first?.words?.isEmpty == false)
            try expectWhole(mended)
        }

        @Test(
            "an invalid range is refused by name",
            arguments: [
                ("{}", 400, "missing_range"), (#"{"start": 1}"#, 400, "missing_range"), (#"{"start": 2, "end": 1}"#, 400, "invalid_range"),
                (#"{"start": 1000, "end": 1001}"#, 400, "invalid_range"), (#"{"start": "x", "end": 1}"#, 400, "invalid_start"),
                (#"{"start": [{}], "end": 1}"#, 400, "malformed_json"),
            ]
        )
        func badRange(body: String, status: Int, code: String) async throws {
            let api = try SharedEarshot.running.api
            let id = try await api.upload(Recordings.path("short-de-2.wav"), query: "?wait=120", isDuplicate: false)
                .json(EarshotAPI.Transcription.self).id
            let answer = try await api.server.ask(
                "POST",
                "/api/v1/transcriptions/\(id)/ranges",
                headers: ["Content-Type": "application/json"],
                body: Data(body.utf8)
            )
            #expect(answer.status == status, "\(answer.text)")
            #expect(try answer.json(EarshotAPI.Refusal.self).code == code)
        }
    }
}
