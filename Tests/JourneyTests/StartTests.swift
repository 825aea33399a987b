import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// How Earshot starts and stops under a supervisor.
    @Suite(.freshDatabase) struct StartTests {
        private let recording = Recordings.named("short-en-1.wav")

        @Test("PRELOAD_MODELS are downloaded in the background at the start, and not again at the next start")
        func preload() async throws {
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: "ggerganov/whisper.cpp/resolve/main/ggml-tiny-q8_0.bin")
                hub.manner.bytesPerSecond = 4_000_000
                // The first one is not on the hub, which must delay nothing.
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

        @Test("an unknown model in PRELOAD_MODELS stops the start with a sentence that names it")
        func unknownModel() async throws {
            let outcome = try await CommandLineProgram(
                RunningEarshot.executable.string,
                ["serve"],
                environment: RunningEarshot.environment(dataFolder: "/nowhere").merging(["PRELOAD_MODELS": "tiny huge"]) { $1 }
            ).run()
            #expect(outcome.code == 1)
            #expect(outcome.errorOutput.contains("PRELOAD_MODELS names “huge”"))
        }

        @Test("earshot settings shows the values, hides the database, and names every wrong value")
        func settings() async throws {
            let given = ["DATABASE_URL": "postgresql://earshot:secret@db/earshot", "API_PORT": "9001"]
            func earshot(_ more: [String: String]) async throws -> CommandLineProgram.Outcome {
                let environment = RunningEarshot.environment(dataFolder: "/nowhere")
                    .merging(given.merging(more) { $1 }.mapValues { Optional($0) }) { $1 }
                return try await CommandLineProgram(RunningEarshot.executable.string, ["settings"], environment: environment).run()
            }
            let fine = try await earshot([:])
            #expect(fine.code == 0, "\(fine.errorOutput)")
            #expect(fine.output.contains("API_PORT = 9001 (") && fine.output.contains("EARSHOT_DATA = /nowhere ("))
            #expect(!fine.output.contains("secret"))
            let wrong = try await earshot(["WEB_PORT": "soon", "IMPORT_URLS": "maybe"])
            #expect(wrong.code == 1)
            #expect(wrong.errorOutput.contains("WEB_PORT is “soon”") && wrong.errorOutput.contains("IMPORT_URLS is “maybe”"))
        }

        @Test("a worker that is stopped finishes its blocks within STOP_GRACE_SECONDS")
        func finishesBlocks() async throws {
            // One slow lane, so that preparation is faster than recognition and blocks wait.
            let environment = [
                "DATABASE_URL": FreshDatabase.conninfo, "STOP_GRACE_SECONDS": "60", "WHISPER_LANES": "1", "WHISPER_THREADS": "1",
            ]
            try await RunningEarshot.with(environment: environment) { earshot in
                try await TemporaryFolder.with { folder in
                    let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                    _ = try await earshot.api.accept(speech.path, query: "?beam_size=8")
                    let database = Database(FreshDatabase.conninfo)
                    try await eventually {
                        let (leased, waiting) =
                            try await database.row(
                                "SELECT count(lease_until), count(*) - count(lease_until) FROM jobs WHERE kind = 'block'",
                                as: (Int, Int).self
                            ) ?? (0, 0)
                        return leased > 0 && waiting > 2
                    }
                    #expect(try await earshot.terminate(within: .seconds(70)) == .exited(0))
                    let blocks = try await database.rows("SELECT attempt FROM jobs WHERE kind = 'block'", as: Int.self)
                    #expect(!blocks.isEmpty)
                    // Blocks that were begun are done; the others were never leased.
                    #expect(blocks.allSatisfy { $0 == 0 })
                }
            }
        }

        @Test("health checks each part and explains what is wrong")
        func health() async throws {
            try await RunningEarshot.with(environment: ["DATABASE_URL": FreshDatabase.conninfo]) { earshot in
                for part in ["serve", "web", "worker"] {
                    try await eventually { try await earshot.command(["health", part]).code == 0 }
                }
                try await earshot.terminate()
                for (part, complaint) in [
                    ("serve", "does not answer"), ("web", "does not answer"), ("worker", "No worker on this machine"),
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
