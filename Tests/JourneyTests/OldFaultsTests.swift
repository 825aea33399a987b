import TestSupport
import Foundation
import SystemPackage
import Testing

extension Journeys {
    /// What was wrong with the system that Earshot replaces, by its numbers; none of it may come back.
    ///
    /// Faults 9 (long texts cut by a language model), 14 and 15 (how its containers were built) have nothing here that could have them.
    @Suite struct OldFaultsTests {
        private func answer(_ method: String = "GET", _ path: String) async throws -> HTTPAnswer {
            try await SharedEarshot.running.api.server.ask(method, "/api/v1" + path)
        }

        @Test("1: deleting an audio file removes it from the disk")
        func fault1() async throws {
            let earshot = try SharedEarshot.running
            let files = try earshot.storedFiles()
            let accepted = try await earshot.api.accept(Recordings.path("short-de-4.wav"))
            #expect(try earshot.storedFiles().count == files.count + 1)
            #expect(try await answer("DELETE", "/audio-files/\(accepted.audioFileId)").status == 204)
            #expect(try earshot.storedFiles() == files)
        }

        @Test("2: language and model count as fields of the form, as the old README had them")
        func fault2() async throws {
            let api = try SharedEarshot.running.api
            let recording = Recordings.path("short-de-5.wav")
            let accepted = try await api.upload(recording, fields: [("language", "de"), ("model", "demo")])
            #expect(try accepted.json(EarshotAPI.Transcription.self).requestedLanguage == "de")
            #expect(try await api.upload(recording, fields: [("model", "none-such")]).status == 400)
        }

        @Test("3: an upload is answered before it is transcribed, and a restart leaves nothing behind that never ends")
        func fault3() async throws {
            try await RunningEarshot.with { earshot in
                let accepted = try await earshot.api.accept(Recordings.path("long-en.wav"))
                #expect(["pending", "processing"].contains(accepted.status))
                try await earshot.kill()
                try await earshot.start()
                #expect(try await earshot.api.finished(accepted.id).status == "completed")
            }
        }

        @Test("4: the total is how many there are, not the length of the page, and there are pages")
        func fault4() async throws {
            let api = try SharedEarshot.running.api
            for _ in 0..<2 { _ = try await api.accept(Recordings.path("short-de-6.wav")) }
            let page = try await api.transcriptions("limit=1")
            #expect(page.items.count == 1)
            #expect(page.total >= 2)
            let next = try await api.transcriptions("limit=1&cursor=\(page.nextCursor ?? "")")
            #expect(next.items.count == 1)
            #expect(next.items[0].id != page.items[0].id)
        }

        @Test("5 and 6: a download's progress moves, and what was downloaded is known to be here")
        func fault5And6() async throws {
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: "ggerganov/whisper.cpp/resolve/main/ggml-tiny-q8_0.bin")
                hub.manner.bytesPerSecond = 4_000_000
                try await RunningEarshot.with(environment: ["MODEL_HUB_URL": hub.address]) { earshot in
                    let server = earshot.api.server
                    func status(_ name: String) async throws -> JSONValue {
                        try await server.ask("GET", "/api/v1/models/status/\(name)").json()
                    }
                    #expect(try await status("tiny-q8_0")["is_cached"]?.flag == false)
                    #expect(try await server.ask("POST", "/api/v1/models/tiny-q8_0/download").status == 202)
                    try await eventually {
                        let progress = try await status("tiny-q8_0")["download_progress"]?["progress"]?.number ?? 0
                        return progress > 0 && progress < 100
                    }
                    try await eventually { try await status("tiny-q8_0")["is_cached"]?.flag == true }
                    let list = try await server.ask("GET", "/api/v1/models/available").json(JSONValue.self)["models"]?.list ?? []
                    #expect(list.first { $0["code"]?.text == "tiny-q8_0" }?["is_cached"]?.flag == true)
                }
            }
        }

        @Test("7: transcribing again in another way is another transcription, not the old one")
        func fault7() async throws {
            let api = try SharedEarshot.running.api
            let first = try await api.finished(api.accept(Recordings.path("short-de-7.wav")).id)
            let path = "/audio-files/\(first.audioFileId)/transcriptions?model=demo"
            #expect(try await answer("POST", path).json(EarshotAPI.Transcription.self).id == first.id)
            for other in ["&language=de", "&vad_filter=false"] {
                let again = try await answer("POST", path + other)
                #expect(again.status == 201)
                #expect(try again.json(EarshotAPI.Transcription.self).id != first.id)
            }
        }

        @Test("8: enhancement does not depend on what was ticked at the upload; while there is none, that is said")
        func fault8() async throws {
            let accepted = try await SharedEarshot.running.api.accept(Recordings.path("short-de-8.wav"))
            let refused = try await answer("POST", "/transcriptions/\(accepted.id)/enhance")
            #expect(refused.status == 409)
            #expect(try refused.json(EarshotAPI.Refusal.self).code == "enhancement_unavailable")
            #expect(try await answer("POST", "/transcriptions/\(UUID())/enhance").status == 404)
        }

        @Test("10: a recorded WebM comes back as WebM, under its name")
        func fault10() async throws {
            let accepted = try await SharedEarshot.running.api.accept(Recordings.path("short-en-1.webm"), as: "recording.webm")
            let audio = try await answer("GET", "/transcriptions/\(accepted.id)/audio?download=true")
            // Sound and film share the container; the recording keeps the type that it first came with.
            #expect(audio.headers["content-type"]?.hasSuffix("/webm") == true)
            #expect(audio.headers["content-disposition"]?.contains(".webm\"") == true)
            #expect(try audio.body == Recordings.path("short-en-1.webm").contents())
        }

        @Test("11: WHISPER_MODEL and LOG_LEVEL are used")
        func fault11() async throws {
            try await TemporaryFolder.with { folder in
                try folder.appending("ggml-mine.bin").write(RunningEarshot.demoModel.contents())
                try folder.appending("ggml-base.bin").write(RunningEarshot.demoModel.contents())
                let environment = ["MODELS_DIR": folder.string, "WHISPER_MODEL": "mine", "LOG_LEVEL": "error"]
                try await RunningEarshot.with(environment: environment) { earshot in
                    let done = try await earshot.api.finished(earshot.api.accept(Recordings.path("short-en-1.wav")).id)
                    #expect(done.model == "mine")
                    #expect(done.text == Recordings.named("short-en-1.wav").text)
                    #expect(!earshot.output.contains(" debug ") && !earshot.output.contains(" info "))
                }
            }
            #expect(try SharedEarshot.running.output.contains(" debug "))
        }

        @Test("12: models are let go of")
        func fault12() async throws {
            let environment = ["MODEL_IDLE_SECONDS": "1"]
            try await RunningEarshot.with(environment: environment) { earshot in
                func isLoaded() async throws -> Bool {
                    try await earshot.api.server.ask("GET", "/api/v1/models/status/demo").json(JSONValue.self)["is_loaded"]?.flag == true
                }
                _ = try await earshot.api.server.ask("POST", "/api/v1/models/demo/load")
                try await eventually { try await isLoaded() }
                try await eventually { try await !isLoaded() }
            }
        }

        @Test("13: no other website may read answers, and the database is reached by nobody from outside")
        func fault13() async throws {
            let earshot = try SharedEarshot.running
            for server in [earshot.api.server, earshot.website.server] {
                let answer = try await server.ask("GET", "/api/v1/transcriptions?limit=1", headers: ["Origin": "https://example.org"])
                #expect(answer.status == 200)
                #expect(!answer.headers.keys.contains { $0.hasPrefix("access-control-") })
            }
            // The sixth line of the database's lock file is the address on the network that it listens on.
            let files = try FileManager.default.subpathsOfDirectory(atPath: earshot.dataFolder.string)
            let lock = try #require(files.first { $0.hasSuffix("postmaster.pid") })
            let content = try String(decoding: earshot.dataFolder.appending(lock).contents(), as: UTF8.self)
            let lines = content.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[5].isEmpty)
        }

        @Test("16: what was never tested is: every number here has a test, or a reason to have none")
        func fault16() throws {
            let source = try String(decoding: FilePath(#filePath).contents(), as: UTF8.self)
            let names = source.matches(of: /@Test\(\s*"([0-9a-z ]+):/).map { String($0.output.1) }
            let numbers = names.flatMap { $0.split(separator: " ").compactMap { Int($0) } }
            #expect(Set(numbers).union([9, 14, 15]) == Set(1...20))
        }

        @Test("17: health fails with the database, what is not there is a 404 everywhere, and no error shows how Earshot is made")
        func fault17() async throws {
            try await RunningEarshot.with { earshot in
                await earshot.stopDatabase()
                let health = try await earshot.api.server.ask("GET", "/api/v1/health")
                #expect(health.status == 503)
                let list = try await earshot.api.server.ask("GET", "/api/v1/transcriptions")
                #expect(list.status == 503)
                #expect(list.headers["retry-after"] != nil)
                #expect(try list.json(EarshotAPI.Refusal.self).code == "database_unavailable")
                for word in ["PostgresError", "socket", "libpq", ".swift", earshot.dataFolder.string] {
                    #expect(!list.text.contains(word) && !health.text.contains(word))
                }
            }
            for id in [UUID().uuidString, "x", "../../etc/passwd"] {
                let name = id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? id
                for part in ["", "/audio", "/events", "/export", "/segments", "/words", "/revisions", "/removals"] {
                    let answer = try await answer("GET", "/transcriptions/\(name)\(part)")
                    #expect(answer.status == 404, "\(id) \(part)")
                    #expect(try answer.json(EarshotAPI.Refusal.self).code == "transcription_not_found")
                }
                for action in ["cancel", "pause", "resume", "retry", "enhance", "ranges", "revisions/0/restore", "removals/0-0/restore"] {
                    #expect(try await answer("POST", "/transcriptions/\(name)/\(action)").status == 404, "\(id) \(action)")
                }
                #expect(try await answer("DELETE", "/transcriptions/\(name)").status == 404)
            }
        }

        @Test("18: transcripts are edited, exported and listened to from any place")
        func fault18() async throws {
            let api = try SharedEarshot.running.api
            let done = try await api.finished(api.accept(Recordings.path("short-es-6.wav")).id)
            let segment = JSONValue.object(["start": .number(0), "end": .number(1), "text": .text("Editado.")])
            let change = JSONValue.object(["segments": .list([segment]), "revision": .number(0)])
            #expect(try await api.server.send("PATCH", "/api/v1/transcriptions/\(done.id)", json: change).status == 200)
            #expect(try await api.transcription(done.id).text == "Editado.")
            #expect(try await answer("GET", "/transcriptions/\(done.id)/export?format=srt").text.contains("Editado."))
            let part = try await api.server.ask("GET", "/api/v1/transcriptions/\(done.id)/audio", headers: ["Range": "bytes=1000-1999"])
            #expect(part.status == 206)
            #expect(part.body.count == 1000)
        }

        @Test("19: a transcription has a place in the queue and progress, and is paused, cancelled and tried again")
        func fault19() async throws {
            let api = try SharedEarshot.running.api
            let accepted = try await api.accept(Recordings.path("long-en.wav"))
            #expect(try await api.control(accepted.id, "pause").status == "paused")
            #expect(try await api.control(accepted.id, "resume").status == "pending")
            #expect(try await api.control(accepted.id, "cancel").status == "cancelled")
            let again = try await api.server.ask("POST", "/api/v1/transcriptions/\(accepted.id)/retry").json(JSONValue.self)
            #expect(again["status"]?.text == "pending")
            #expect((again["queue_position"]?.number ?? 0) >= 1)
            #expect(again["progress"]?.number != nil)
            #expect(try await api.delete(accepted.id).status == 204)
        }

        @Test("20: voice activity detection saves work: where nobody speaks, nothing is recognised")
        func fault20() async throws {
            let api = try SharedEarshot.running.api
            let silence = Recordings.path("silence.wav")
            let accepted = try await api.upload(silence, query: "?vad_filter=true&wait=120").json(JSONValue.self)
            #expect(accepted["vad_filter_used"]?.flag == true)
            #expect(accepted["status"]?.text == "completed")
            #expect(accepted["processing_time_seconds"] == .null)
            let speech = Recordings.path("short-de-1.wav")
            let without = try await api.upload(speech, query: "?vad_filter=false&wait=120").json(JSONValue.self)
            #expect(without["vad_filter_used"]?.flag == false)
            #expect((without["processing_time_seconds"]?.number ?? 0) > 0)
        }
    }
}
