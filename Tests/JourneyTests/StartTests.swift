import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Starting, stopping and health, as a supervisor or an administrator uses them.
    @Suite(.freshDatabase) struct StartTests {
        private let recording = Recordings.named("short-en-1.wav")

        @Test("preloaded models are downloaded in the background, and not again at the next start")
        func preload() async throws {
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: "ggerganov/whisper.cpp/resolve/main/ggml-tiny-q8_0.bin")
                hub.manner.bytesPerSecond = 4_000_000
                // The second one is not on the hub; that must not delay the start.
                let environment = ["MODEL_HUB_URL": hub.address, "PRELOAD_MODELS": "base-q8_0, tiny-q8_0"]
                try await RunningEarshot.with(environment: environment) { earshot in
                    let meanwhile: EarshotAPI.Transcription = try await earshot.api.upload(recording.path, query: "?wait=60").json()
                    #expect(meanwhile.text == recording.text)
                    #expect(meanwhile.model == "demo")
                    try await eventually { try await isCached("tiny-q8_0", earshot) }
                    let requests = hub.requestsForBytes.count { $0.path.contains("tiny-q8_0") }
                    #expect(requests == 1)

                    try await earshot.terminate()
                    try await earshot.start()
                    #expect(try await isCached("tiny-q8_0", earshot))
                    #expect(hub.requestsForBytes.count { $0.path.contains("tiny-q8_0") } == requests)
                }
            }
        }

        @Test("an unknown model stops the start, and is named")
        func unknownModel() async throws {
            let outcome = try await CommandLineProgram(
                RunningEarshot.executable.string,
                ["serve"],
                environment: RunningEarshot.environment(dataFolder: "/nowhere").merging(["PRELOAD_MODELS": "tiny huge"]) { $1 }
            ).run()
            #expect(outcome.code == 1)
            #expect(outcome.errorOutput.contains("PRELOAD_MODELS names “huge”"))
        }

        @Test("a worker that is stopped finishes its current blocks, if it is given the time")
        func finishesBlocks() async throws {
            let environment = ["DATABASE_URL": FreshDatabase.conninfo, "STOP_GRACE_SECONDS": "60"]
            try await RunningEarshot.with(environment: environment) { earshot in
                try await TemporaryFolder.with { folder in
                    let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                    let accepted = try await earshot.api.accept(speech.path)
                    _ = try await earshot.api.events(of: accepted.id) { $0.event == "segment" }
                    #expect(try await earshot.terminate(within: .seconds(70)) == .exited(0))
                    let database = Database(FreshDatabase.conninfo)
                    let blocks = try await database.rows("SELECT attempt FROM jobs WHERE kind = 'block'", as: Int.self)
                    #expect(!blocks.isEmpty)
                    // The blocks in work are done; the others are left.
                    #expect(blocks.allSatisfy { $0 == 0 })
                }
            }
        }

        @Test("each part reports its health, and what is wrong")
        func health() async throws {
            try await RunningEarshot.with(environment: ["DATABASE_URL": FreshDatabase.conninfo]) { earshot in
                for part in ["serve", "web", "worker"] {
                    try await eventually { try await earshot.command(["health", part]).code == 0 }
                }
                try await earshot.terminate()
                for (part, complaint) in [
                    ("serve", "does not answer"), ("web", "does not answer"), ("worker", "No worker of this machine"),
                ] {
                    let outcome = try await earshot.command(["health", part])
                    #expect(outcome.code == 1)
                    #expect(outcome.errorOutput.contains(complaint))
                }
            }
        }

        private func isCached(_ name: String, _ earshot: RunningEarshot) async throws -> Bool {
            try await earshot.api.server.ask("GET", "/api/v1/models/status/\(name)").json(ModelTests.Status.self).isCached
        }
    }
}
