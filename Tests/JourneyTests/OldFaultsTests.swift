import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Faults of the predecessor, the Python system that Earshot replaces (see docs/glossary.md); its users must not meet them again.
    @Suite struct OldFaultsTests {
        private func answer(_ method: String = "GET", _ path: String) async throws -> HTTPAnswer {
            try await SharedEarshot.running.api.server.ask(method, "/api/v1" + path)
        }

        @Test("deleting an audio file removes it from the disk")
        func deletedFile() async throws {
            let earshot = try SharedEarshot.running
            let files = try earshot.storedFiles()
            let accepted = try await earshot.api.accept(Recordings.path("short-de-4.wav"))
            #expect(try earshot.storedFiles().count == files.count + 1)
            #expect(try await answer("DELETE", "/audio-files/\(accepted.audioFileId)").status == 204)
            #expect(try earshot.storedFiles() == files)
        }

        @Test("language and model take effect as fields of the form, where the predecessor's README had them")
        func formFields() async throws {
            let api = try SharedEarshot.running.api
            let recording = Recordings.path("short-de-5.wav")
            let accepted = try await api.upload(recording, fields: [("language", "de"), ("model", "demo")])
            #expect(try accepted.json(EarshotAPI.Transcription.self).requestedLanguage == "de")
            #expect(try await api.upload(recording, fields: [("model", "none-such")]).status == 400)
        }

        @Test("an upload is answered before it is transcribed, and a restart leaves no transcription unfinished")
        func restart() async throws {
            try await RunningEarshot.with { earshot in
                let accepted = try await earshot.api.accept(Recordings.path("long-en.wav"))
                #expect(["pending", "processing"].contains(accepted.status))
                try await earshot.kill()
                try await earshot.start()
                #expect(try await earshot.api.finished(accepted.id).status == "completed")
            }
        }

        @Test("the total of a list is the number of all items, not of one page, and there are pages")
        func total() async throws {
            let api = try SharedEarshot.running.api
            for _ in 0..<2 { _ = try await api.accept(Recordings.path("short-de-6.wav")) }
            let page = try await api.transcriptions("limit=1")
            #expect(page.items.count == 1)
            #expect(page.total >= 2)
            let next = try await api.transcriptions("limit=1&cursor=\(page.nextCursor ?? "")")
            #expect(next.items.count == 1)
            #expect(next.items[0].id != page.items[0].id)
        }

        @Test("a download's progress moves, and a downloaded model is listed as installed")
        func downloadProgress() async throws {
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

        @Test("transcribing again with other options makes another transcription")
        func otherOptions() async throws {
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

        @Test("enhancement does not depend on options of the upload, and is refused while it is not available")
        func enhancement() async throws {
            let accepted = try await SharedEarshot.running.api.accept(Recordings.path("short-de-8.wav"))
            let refused = try await answer("POST", "/transcriptions/\(accepted.id)/enhance")
            #expect(refused.status == 409)
            #expect(try refused.json(EarshotAPI.Refusal.self).code == "enhancement_unavailable")
            #expect(try await answer("POST", "/transcriptions/\(UUID())/enhance").status == 404)
        }

        @Test("a recorded WebM is returned as WebM, under its name")
        func recordedWebM() async throws {
            let accepted = try await SharedEarshot.running.api.accept(Recordings.path("short-en-1.webm"), as: "recording.webm")
            let audio = try await answer("GET", "/transcriptions/\(accepted.id)/audio?download=true")
            // Sound and video share the container; the recording keeps its first media type.
            #expect(audio.headers["content-type"]?.hasSuffix("/webm") == true)
            #expect(audio.headers["content-disposition"]?.contains(".webm\"") == true)
            #expect(try audio.body == Recordings.path("short-en-1.webm").contents())
        }

        @Test("WHISPER_MODEL and LOG_LEVEL take effect")
        func settings() async throws {
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

        @Test("an idle model is unloaded")
        func idleModel() async throws {
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

        @Test("no other website may read answers, and the database does not listen on the network")
        func access() async throws {
            let earshot = try SharedEarshot.running
            for address in [earshot.api.server.address, earshot.websiteAddress] {
                let server = HTTPServer(address: address)
                let answer = try await server.ask("GET", "/api/v1/transcriptions?limit=1", headers: ["Origin": "https://example.org"])
                #expect(answer.status == 403)
                #expect(!answer.headers.keys.contains { $0.hasPrefix("access-control-") })
            }
            // The sixth line of the database's lock file is the address on the network that it listens on.
            let files = try FileManager.default.subpathsOfDirectory(atPath: earshot.dataFolder.string)
            let lock = try #require(files.first { $0.hasSuffix("postmaster.pid") })
            let content = try String(decoding: earshot.dataFolder.appending(lock).contents(), as: UTF8.self)
            let lines = content.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[5].isEmpty)
        }

        @Test("health fails with the database, an unknown id is a 404 everywhere, and no error shows internals")
        func errors() async throws {
            // A private database would be started again.
            let database = PrivateCluster(folder: try GuardedFolder.path("stopped"), isDurable: false)
            try await RunningEarshot.with(environment: ["DATABASE_URL": database.start()]) { earshot in
                await database.stop()
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

        @Test("transcripts are edited and exported, and the recording is played from any position")
        func editing() async throws {
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

        @Test("a transcription has a position in the queue and progress, and is paused, resumed, canceled and retried")
        func control() async throws {
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

        @Test("voice activity detection saves work: without speech, nothing is recognized")
        func voiceActivity() async throws {
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
