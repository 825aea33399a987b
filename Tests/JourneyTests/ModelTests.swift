import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Models from the download to the text.
    @Suite struct ModelTests {
        struct Status: Decodable {
            struct Download: Decodable {
                let status: String
                let progress: Double?
                let errorMessage: String?
            }

            let status: String
            let isCached, isLoaded: Bool
            let errorMessage: String?
            let downloadProgress: Download?
        }

        struct ModelList: Decodable {
            struct Model: Decodable {
                let code, status: String
                let isCached, isDefault: Bool
            }

            let models: [Model]
        }

        private let recording = Recordings.named("short-en-1.wav")

        /// Names of the catalogue that have no published checksum, so that the demo model can replace them.
        private func place(_ name: String) -> String { "ggerganov/whisper.cpp/resolve/main/ggml-\(name).bin" }

        private func status(_ name: String, _ earshot: RunningEarshot) async throws -> Status {
            try await earshot.api.server.ask("GET", "/api/v1/models/status/\(name)").json()
        }

        @Test("a transcription with a model that is not installed waits for its download")
        func downloadOnDemand() async throws {
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: place("tiny-q8_0"))
                hub.manner.bytesPerSecond = 6_000_000
                try await RunningEarshot.with(environment: ["MODEL_HUB_URL": hub.address, "MODEL_IDLE_SECONDS": "tiny-q8_0=1"]) { earshot in
                    #expect(try await status("tiny-q8_0", earshot).status == "absent")
                    let accepted = try await earshot.api.accept(recording.path, query: "?model=tiny-q8_0")
                    #expect(accepted.status == "pending")
                    let events = try await earshot.api.events(of: accepted.id) { $0.event == "done" }
                    #expect(events.contains { $0.data.contains("\"model_download\":{") })
                    #expect(try await earshot.api.transcription(accepted.id).text == recording.text)
                    #expect(hub.requestsForBytes.count == 1)
                    // The model is unloaded after a second without work.
                    try await eventually { try await status("tiny-q8_0", earshot).status == "cached" }
                    try await manage(earshot)
                }
            }
        }

        /// Lists, loads, unloads and deletes models.
        private func manage(_ earshot: RunningEarshot) async throws {
            let server = earshot.api.server
            let list = try await server.ask("GET", "/api/v1/models/available").json(ModelList.self).models
            #expect(list.map(\.code) == ["tiny", "base", "small", "medium", "large-v3", "large-v3-turbo", "tiny-q8_0", "demo"])
            #expect(list.filter(\.isCached).map(\.code) == ["tiny-q8_0", "demo"])
            #expect(list.filter(\.isDefault).count == 1)
            #expect(try await server.ask("POST", "/api/v1/models/demo/load").status == 202)
            try await eventually { try await status("demo", earshot).isLoaded }
            #expect(try await server.ask("POST", "/api/v1/models/demo/unload").status == 202)
            try await eventually { try await !status("demo", earshot).isLoaded }
            #expect(try await server.ask("DELETE", "/api/v1/models/demo").status == 409)
            #expect(try await server.ask("DELETE", "/api/v1/models/nothing").status == 404)
            #expect(try await server.ask("POST", "/api/v1/models/nothing/download").status == 404)
            #expect(try await server.ask("POST", "/api/v1/models/nothing/load").status == 404)
            #expect(try await server.ask("DELETE", "/api/v1/models/tiny-q8_0").status == 204)
            #expect(try await status("tiny-q8_0", earshot).status == "absent")
            #expect(try await server.ask("GET", "/v1/models/demo").status == 200)
            #expect(try await server.ask("GET", "/v1/models/tiny-q8_0").status == 404)
        }

        @Test("a failed or cancelled download ends the transcriptions that wait for it, with the reason")
        func noDownload() async throws {
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: place("tiny-q8_0"))
                hub.manner.bytesPerSecond = 100_000
                try await RunningEarshot.with(environment: ["MODEL_HUB_URL": hub.address]) { earshot in
                    let lost = try await earshot.api.accept(recording.path, query: "?model=small-q5_1")
                    let failed = try await earshot.api.finished(lost.id)
                    #expect(failed.status == "failed")
                    #expect(failed.errorCode == "model_unavailable")
                    #expect(failed.errorMessage?.contains("ggml-small-q5_1.bin") == true)
                    #expect(try await status("small-q5_1", earshot).status == "failed")

                    let waiting = try await earshot.api.accept(recording.path, query: "?model=tiny-q8_0")
                    let server = earshot.api.server
                    #expect(try await server.ask("DELETE", "/api/v1/models/tiny-q8_0").status == 404)
                    try await eventually { try await status("tiny-q8_0", earshot).status == "downloading" }
                    #expect(try await server.ask("POST", "/api/v1/models/tiny-q8_0/cancel").status == 200)
                    let ended = try await earshot.api.finished(waiting.id)
                    #expect(ended.errorCode == "model_download_cancelled")
                    #expect(try await status("tiny-q8_0", earshot).downloadProgress?.status == "cancelled")
                    #expect(try await server.ask("POST", "/api/v1/models/tiny-q8_0/cancel").status == 409)
                }
            }
        }

        @Test("after a kill -9, a download resumes where it stopped, and its transcription completes")
        func killed() async throws {
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: place("tiny-q8_0"))
                hub.order(.stall(after: 4_000_000))
                try await RunningEarshot.with(environment: ["MODEL_HUB_URL": hub.address]) { earshot in
                    let accepted = try await earshot.api.accept(recording.path, query: "?model=tiny-q8_0")
                    let part = earshot.dataFolder.appending("models/ggml-tiny-q8_0.bin.part")
                    try await eventually { try part.contents().count >= 3_000_000 }
                    try await earshot.kill()
                    hub.release()
                    try await earshot.start()
                    let done = try await earshot.api.finished(accepted.id)
                    #expect(done.text == recording.text)
                    #expect(hub.requestsForBytes.last?.range?.hasPrefix("bytes=") == true)
                    #expect(hub.requestsForBytes.last?.status == 206)
                }
            }
        }

        @Test("a model that does not fit into memory is not loaded, and the transcription explains why")
        func tooLarge() async throws {
            try await RunningEarshot.with(environment: ["MODEL_MEMORY_MB": "20"]) { earshot in
                let failed = try await earshot.api.finished(earshot.api.accept(recording.path).id)
                #expect(failed.status == "failed")
                #expect(failed.errorCode == "model_does_not_fit")
                #expect(failed.errorMessage?.contains("20 MB") == true)
                try await eventually { try await status("demo", earshot).status == "failed" }
            }
        }
    }
}
