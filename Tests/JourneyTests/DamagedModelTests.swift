import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Model files that are damaged.
    @Suite struct DamagedModelTests {
        private let recording = Recordings.named("short-en-1.wav")

        private func place(_ name: String) -> String { "ggerganov/whisper.cpp/resolve/main/ggml-\(name).bin" }

        @Test("a damaged model is listed as damaged, never used, and downloaded again when it is needed")
        func damaged() async throws {
            try await LocalHub.with { hub in
                let whole = try RunningEarshot.demoModel.contents()
                hub.put(whole, at: place("tiny-q8_0"))
                try await TemporaryFolder.with { models in
                    // Sizes that fit no tensor; a file that ends too early.
                    var other = whole
                    other[16] = 5
                    try models.appending("ggml-tiny-q8_0.bin").write(other)
                    try models.appending("ggml-mine.bin").write(whole.prefix(whole.count / 2))
                    let environment = ["MODEL_HUB_URL": hub.address, "MODELS_DIR": models.string]
                    try await RunningEarshot.with(environment: environment) { earshot in
                        let server = earshot.api.server
                        func status(_ name: String) async throws -> ModelTests.Status {
                            let list = try await server.ask("GET", "/api/v1/models/available").json(ModelTests.ModelList.self).models
                            let status = try await server.ask("GET", "/api/v1/models/status/\(name)").json(ModelTests.Status.self)
                            #expect(list.first { $0.code == name }?.status == status.status)
                            return status
                        }
                        let before = try await status("tiny-q8_0")
                        #expect(before.status == "damaged" && !before.isCached)
                        #expect(before.errorMessage?.contains("Download or copy it again") == true)
                        let list = try await server.ask("GET", "/api/v1/models/available").json(ModelTests.ModelList.self).models
                        #expect(list.first { $0.code == "mine" }?.status == "damaged")
                        let table = try await earshot.command(["models", "list"])
                        #expect(table.output.split(separator: "\n").filter { $0.contains("damaged") }.count == 2, "\(table.output)")
                        let page = try await earshot.website.server.ask("GET", "/").text
                        #expect(page.contains("damaged, will be downloaded again") && !page.contains("\"mine\""))

                        let refused = try await earshot.api.upload(recording.path, query: "?model=mine")
                        #expect(refused.status == 400)
                        #expect(try refused.json(EarshotAPI.Refusal.self).code == "model_unreadable")
                        #expect(try await server.ask("POST", "/api/v1/models/mine/load").status == 404)
                        #expect(try await earshot.command(["transcribe", "--model", "mine", recording.path.string]).code == 2)

                        let accepted = try await earshot.api.accept(recording.path, query: "?model=tiny-q8_0")
                        let transcription = try await earshot.api.finished(accepted.id)
                        #expect(transcription.text == recording.text)
                        #expect(hub.requestsForBytes.count == 1)
                        #expect(try await ["cached", "loaded"].contains(status("tiny-q8_0").status))
                    }
                }
            }
        }

        @Test("a model whose file is damaged while a transcription waits for it fails that transcription, with the reason")
        func damagedLater() async throws {
            try await TemporaryFolder.with { models in
                let path = models.appending("ggml-mine.bin")
                let whole = try RunningEarshot.demoModel.contents()
                try path.write(whole)
                try await RunningEarshot.with(environment: ["MODELS_DIR": models.string]) { earshot in
                    let accepted = try await earshot.api.accept(recording.path, query: "?model=mine")
                    _ = try await earshot.api.finished(accepted.id)
                    let next = try await earshot.api.accept(Recordings.path("long-en.wav"), query: "?model=mine")
                    _ = try await earshot.api.control(next.id, "pause")
                    try path.write(whole.prefix(1_000_000))
                    _ = try await earshot.api.control(next.id, "resume")
                    let failed = try await earshot.api.finished(next.id)
                    #expect(failed.status == "failed")
                    #expect(failed.errorCode == "model_unreadable")
                }
            }
        }
    }
}
