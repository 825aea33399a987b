import Foundation
import TestSupport
import Testing

extension Journeys {
    /// Changes of names, tags and texts.
    @Suite struct EditTests {
        private func path(_ id: String, _ rest: String = "") -> String { "/api/v1/transcriptions/\(id)\(rest)" }

        private func transcribed(_ name: String) async throws -> EarshotAPI.Transcription {
            let fields = [("word_timestamps", "true"), ("wait", "120")]
            return try await SharedEarshot.running.api.upload(Recordings.path(name), fields: fields).json()
        }

        /// The segments as a client sends them back.
        private func list(_ segments: [EarshotAPI.Transcription.Segment], _ change: (Int, String) -> String = { $1 }) -> JSONValue {
            .list(
                segments.map { segment in
                    .object([
                        "start": .number(segment.start), "end": .number(segment.end), "text": .text(change(segment.id, segment.text)),
                    ])
                }
            )
        }

        @Test("every answer has the edited text, and the model's text is kept", arguments: [false, true])
        func edit(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let server = throughWebsite ? earshot.website.server : earshot.api.server
            let before = try await transcribed("clip25-en.wav")
            let old = try #require(before.segments)
            try #require(old.count > 1)
            let edit = list(old) { id, text in id == 0 ? "Corrected " + text : text }
            let answer = try await server.send("PATCH", path(before.id), json: .object(["segments": edit, "revision": .number(0)]))
            #expect(answer.status == 200, "\(answer.text)")
            let edited: EarshotAPI.Transcription = try answer.json()
            #expect(edited.revision == 1)
            #expect(edited.text == "Corrected " + (before.text ?? ""))
            #expect(edited.segments.map { Array($0.dropFirst()) } == Array(old.dropFirst()))
            let words = try #require(edited.segments?[0].words)
            #expect(words.map(\.word).joined(separator: " ") == edited.segments?[0].text)
            #expect(words.dropFirst().map(\.start) == (old[0].words ?? []).map(\.start))

            #expect(try await server.ask("GET", path(before.id)).json(EarshotAPI.Transcription.self) == edited)
            #expect(try await server.ask("GET", path(before.id, "/export?format=txt")).text.hasPrefix("Corrected "))
            let done = try await earshot.api.events(of: before.id)
            #expect(try done.last?.json(EarshotAPI.Transcription.self).text == edited.text)
            #expect(try await server.ask("GET", path(before.id, "?revision=0")).json(EarshotAPI.Transcription.self).text == before.text)
            #expect(try await server.ask("GET", path(before.id, "/export?revision=0")).text.hasPrefix("Corrected ") == false)
            #expect(try await server.ask("GET", path(before.id, "?revision=2")).status == 404)
        }

        @Test("the second of two edits of the same revision is refused, and earlier revisions can be restored")
        func conflict() async throws {
            let server = try SharedEarshot.running.api.server
            let before = try await transcribed("short-en-2.wav")
            let segments = list(before.segments ?? []) { _, text in text.uppercased() }
            let change = JSONValue.object(["segments": segments, "revision": .number(0)])
            #expect(try await server.send("PATCH", path(before.id), json: change).status == 200)
            let second = try await server.send("PATCH", path(before.id), json: change)
            #expect(second.status == 409)
            #expect(try second.json(EarshotAPI.Refusal.self).code == "revision_conflict")

            let revisions = try await server.ask("GET", path(before.id, "/revisions")).json(JSONValue.self)["items"]?.list ?? []
            #expect(revisions.map { $0["revision"]?.number } == [0, 1])
            #expect(revisions.map { $0["is_current"]?.flag } == [false, true])
            #expect(revisions.map { $0["made_from"]?.number } == [nil, 0])
            let restored = try await server.ask("POST", path(before.id, "/revisions/0/restore"))
            #expect(try restored.json(EarshotAPI.Transcription.self).text == before.text)
            let edited = try await server.ask("GET", path(before.id, "?revision=1")).json(EarshotAPI.Transcription.self)
            #expect(edited.text == before.text?.uppercased())
            for number in ["7", "-1", "x"] {
                let answer = try await server.ask("POST", path(before.id, "/revisions/\(number)/restore"))
                #expect(answer.status == 404)
                #expect(try answer.json(EarshotAPI.Refusal.self).code == "revision_not_found")
            }
        }

        @Test("a name and tags are shown everywhere, and exported files have the name")
        func naming() async throws {
            let api = try SharedEarshot.running.api
            let recording = try await transcribed("short-en-3.wav")
            let tags = JSONValue.list(["work", "work", "2026"].map(JSONValue.text))
            let change = JSONValue.object(["name": .text("  Interview with\nDr. Ħ "), "tags": tags])
            let named: EarshotAPI.Transcription = try await api.server.send("PATCH", path(recording.id), json: change).json()
            #expect(named.name == "Interview with Dr. Ħ")
            #expect(named.tags == ["work", "2026"])
            #expect(named.text == recording.text)
            #expect(named.audioFileOriginalFilename == "short-en-3.wav")
            #expect(try await api.transcriptions("tag=2026&q=dr.%20%C4%A6").items.map(\.id) == [recording.id])
            let export = try await api.server.ask("GET", path(recording.id, "/export?format=srt"))
            #expect(export.headers["content-disposition"]?.contains("Interview%20with%20Dr.%20%C4%A6.srt") == true)
            let page = try await SharedEarshot.running.website.server.ask("GET", "/transcriptions/\(recording.id)")
            #expect(page.text.contains("Interview with Dr. Ħ"))

            let unnamed = try await api.server.send("PATCH", path(recording.id), json: .object(["name": .null]))
            #expect(try unnamed.json(EarshotAPI.Transcription.self).name == "short-en-3.wav")
            #expect(try unnamed.json(EarshotAPI.Transcription.self).tags == ["work", "2026"])
        }

        @Test("segments and words are paged")
        func parts() async throws {
            let server = try SharedEarshot.running.api.server
            let before = try await transcribed("clip25-es.wav")
            let segments = try #require(before.segments)
            let part = try await server.ask("GET", path(before.id, "/segments?from=1&limit=1")).json(JSONValue.self)
            #expect(part["total"]?.number == Double(segments.count))
            #expect(part["items"]?.list?.map { $0["text"]?.text } == [segments[1].text])
            let all = segments.flatMap { $0.words ?? [] }
            let words = try await server.ask("GET", path(before.id, "/words?from=2&limit=3")).json(JSONValue.self)
            #expect(words["total"]?.number == Double(all.count))
            #expect(words["items"]?.list?.map { $0["word"]?.text } == all[2..<5].map(\.word))
            #expect(words["items"]?.list?.map { $0["id"]?.number } == [2, 3, 4])
            #expect(try await server.ask("GET", path(before.id, "/words?from=1000000")).json(JSONValue.self)["items"]?.list == [])
        }

        @Test(
            "an invalid change is refused by name",
            arguments: [
                (#"{"name": "#, 400, "malformed_json"), (#"{"tags": "work"}"#, 400, "malformed_json"),
                (#"{"segments": [{"start": 1}], "revision": 0}"#, 400, "malformed_json"),
                (#"{"segments": []}"#, 400, "missing_revision"), (#"{"segments": [], "revision": -1}"#, 400, "missing_revision"),
                (#"{"segments": [{"start": 2, "end": 1, "text": "a"}], "revision": 0}"#, 400, "invalid_segments"),
                (#"{"segments": [{"start": 0, "end": 1e300, "text": "a"}], "revision": 0}"#, 400, "invalid_segments"),
                (#"{"segments": [{"start": 0, "end": 1, "text": " \u0000 "}], "revision": 0}"#, 400, "invalid_segments"),
                (#"{"segments": [{"start": 0, "end": 1, "text": "a", "language": "klingon"}], "revision": 0}"#, 400, "unknown_language"),
                (#"{"segments": [{"start": 0, "end": 1, "text": "a"}], "revision": 5}"#, 409, "revision_conflict"),
                (#"{"name": "\#(String(repeating: "x", count: 256))"}"#, 400, "invalid_name"),
                (#"{"tags": ["\#(String(repeating: "x", count: 101))"]}"#, 400, "invalid_tags"), (#"{"tags": [" "]}"#, 400, "invalid_tags"),
                ("[]", 400, "malformed_json"), ("", 400, "malformed_json"),
            ]
        )
        func refusals(body: String, status: Int, code: String) async throws {
            let api = try SharedEarshot.running.api
            let id = try await api.upload(Recordings.path("short-de-2.wav"), query: "?wait=120", isDuplicate: false)
                .json(EarshotAPI.Transcription.self).id
            let answer = try await api.server.ask(
                "PATCH",
                path(id),
                headers: ["Content-Type": "application/json"],
                body: Data(body.utf8)
            )
            #expect(answer.status == status, "\(answer.text)")
            #expect(try answer.json(EarshotAPI.Refusal.self).code == code)
            #expect(try await api.transcription(id).revision == 0)
        }

        @Test("a change is JSON, within the size limit, of an existing transcription")
        func envelope() async throws {
            let server = try SharedEarshot.running.api.server
            let id = try await transcribed("short-de-2.wav").id
            let form = try await server.ask("PATCH", path(id), headers: ["Content-Type": "text/plain"], body: Data("{}".utf8))
            #expect(form.status == 415)
            #expect(try form.json(EarshotAPI.Refusal.self).code == "not_json")
            let large = try await server.ask(
                "PATCH",
                path(id),
                headers: ["Content-Type": "application/json"],
                body: Data(repeating: 0x20, count: 17 << 20)
            )
            #expect(large.status == 413)
            #expect(try large.json(EarshotAPI.Refusal.self).code == "body_too_large")
            for unknown in ["\(UUID())", "x"] {
                let answer = try await server.send("PATCH", path(unknown), json: .object([:]))
                #expect(answer.status == 404)
                #expect(try answer.json(EarshotAPI.Refusal.self).code == "transcription_not_found")
            }
            #expect(try await server.send("PATCH", path(id), json: .object([:])).status == 200)
        }
    }
}
