import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// `earshot models` and `earshot self-test`.
    @Suite struct CommandLineModelTests {
        private let recording = Recordings.named("short-en-1.wav")

        private func earshot(
            _ arguments: [String],
            in folder: FilePath,
            _ more: [String: String] = [:]
        ) async throws -> CommandLineProgram.Outcome {
            let environment = RunningEarshot.environment(dataFolder: folder).merging(more.mapValues { Optional($0) }) { $1 }
            return try await CommandLineProgram(RunningEarshot.executable.string, arguments, environment: environment, folder: folder).run()
        }

        private func place(_ name: String) -> String { "ggerganov/whisper.cpp/resolve/main/ggml-\(name).bin" }

        @Test("preload downloads missing models, skips installed ones, and names failures")
        func preload() async throws {
            try await LocalHub.with { hub in
                for name in ["tiny-q8_0", "base-q5_1"] { hub.put(try RunningEarshot.demoModel.contents(), at: place(name)) }
                try await TemporaryFolder.with { folder in
                    let settings = ["MODEL_HUB_URL": hub.address, "PRELOAD_MODELS": "tiny-q8_0, base-q5_1"]
                    let first = try await earshot(["models", "preload"], in: folder, settings)
                    #expect(first.code == 0, "\(first.errorOutput)")
                    #expect(first.errorOutput.contains("[2/2] base-q5_1: done"))
                    let requests = hub.requests.count
                    let second = try await earshot(["models", "preload", "--models", "tiny-q8_0", "base-q5_1"], in: folder, settings)
                    #expect(second.code == 0)
                    #expect(second.errorOutput.contains("[1/2] tiny-q8_0: already installed"))
                    #expect(hub.requests.count == requests)
                    let forced = try await earshot(["models", "preload"], in: folder, settings.merging(["FORCE_DOWNLOAD": "true"]) { $1 })
                    #expect(forced.code == 0)
                    #expect(hub.requestsForBytes.count == 4)
                    let lacking = try await earshot(["models", "preload", "--models", "small-q5_1"], in: folder, settings)
                    #expect(lacking.code == 1)
                    #expect(lacking.errorOutput.contains("ggml-small-q5_1.bin"))
                    #expect(try await earshot(["models", "preload", "--models", "huge"], in: folder, settings).code == 2)
                }
            }
        }

        @Test("two processes share one download of the same model")
        func sharing() async throws {
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: place("tiny-q8_0"))
                hub.manner.bytesPerSecond = 4_000_000
                try await TemporaryFolder.with { folder in
                    let settings = ["MODEL_HUB_URL": hub.address]
                    async let one = earshot(["models", "download", "tiny-q8_0"], in: folder, settings)
                    async let other = earshot(["models", "download", "tiny-q8_0"], in: folder, settings)
                    let outcomes = try await [one, other]
                    #expect(outcomes.map(\.code) == [0, 0], "\(outcomes.map(\.errorOutput))")
                    #expect(outcomes.contains { $0.errorOutput.contains("downloaded by another process") })
                    #expect(hub.requestsForBytes.count == 1)
                }
            }
        }

        @Test("a checkpoint of an openai-whisper installation is offered instead of a download")
        func oldCache() async throws {
            try await TemporaryFolder.with { folder in
                let cache = folder.appending("cache/whisper")
                try FileManager.default.createDirectory(atPath: cache.string, withIntermediateDirectories: true)
                let left = cache.appending("small.pt")
                try FileManager.default.copyItem(atPath: DemoCheckpoint.path.string, toPath: left.string)
                let settings = ["XDG_CACHE_HOME": folder.appending("cache").string, "MODEL_HUB_URL": "http://127.0.0.1:9"]
                let preload = try await earshot(["models", "preload", "--models", "small"], in: folder, settings)
                #expect(preload.errorOutput.contains("earshot models convert \(left)"))
                #expect(try await earshot(["models", "convert", left.string], in: folder, settings).code == 0)
                let again = try await earshot(["models", "preload", "--models", "small"], in: folder, settings)
                #expect(again.code == 0 && again.errorOutput.contains("already installed"))
            }
        }

        @Test("transcribing with a model that is not installed downloads it first")
        func transcribe() async throws {
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: place("tiny-q8_0"))
                try await TemporaryFolder.with { folder in
                    let arguments = ["transcribe", recording.path.string, "--model", "tiny-q8_0"]
                    let outcome = try await earshot(arguments, in: folder, ["MODEL_HUB_URL": hub.address])
                    #expect(outcome.output == recording.text + "\n", "\(outcome.errorOutput)")
                }
            }
        }

        @Test("a checkpoint becomes a model, the model a smaller one, both a bundle, and the bundle's models transcribe elsewhere")
        func ownModels() async throws {
            try await TemporaryFolder.with { folder in
                let checkpoint = DemoCheckpoint.path.string
                let converted = try await earshot(["models", "convert", checkpoint, "--name", "own"], in: folder)
                #expect(converted.code == 0, "\(converted.errorOutput)")
                #expect(try await earshot(["models", "convert", checkpoint, "--name", "own"], in: folder).code == 2)
                #expect(try await earshot(["models", "convert", checkpoint, "--name", "../own"], in: folder).code == 2)
                #expect(try await earshot(["models", "quantize", "own", "--to", "q8_0"], in: folder).code == 0)
                let made = folder.appending("models/ggml-own-q8_0.bin")
                #expect(try made.contents() == RunningEarshot.demoModel.contents())
                let bundle = folder.appending("models.tar").string
                #expect(try await earshot(["models", "bundle", "own", "own-q8_0", "--output", bundle], in: folder).code == 0)
                try await TemporaryFolder.with { other in
                    let installed = try await earshot(["models", "bundle", "--from", bundle], in: other)
                    #expect(installed.output == "Installed: own, own-q8_0\n", "\(installed.errorOutput)")
                    for name in ["own", "own-q8_0"] {
                        let outcome = try await earshot(["transcribe", recording.path.string, "--model", name], in: other)
                        #expect(outcome.output == recording.text + "\n", "\(outcome.errorOutput)")
                    }
                    #expect(try await earshot(["models", "verify"], in: other).code == 0)
                    #expect(try await earshot(["models", "remove", "own"], in: other).code == 0)
                    #expect(try await !earshot(["models", "list"], in: other).output.contains("own "))
                }
            }
        }

        @Test("a broken file in the model folder is named, and is not a model")
        func broken() async throws {
            try await TemporaryFolder.with { folder in
                let models = folder.appending("models")
                try FileManager.default.createDirectory(atPath: models.string, withIntermediateDirectories: true)
                try models.appending("half.bin").write(RunningEarshot.demoModel.contents().prefix(5_000_000))
                try models.appending("ggml-words.bin").write(Data("no model".utf8))
                let list = try await earshot(["models", "list"], in: folder)
                #expect(list.code == 0)
                #expect(list.errorOutput.contains("half.bin: ") && list.errorOutput.contains("ggml-words.bin: "))
                #expect(try await earshot(["models", "verify"], in: folder).code == 1)
                #expect(try await earshot(["models", "info", "half"], in: folder).code == 1)
                let tried = try await earshot(["transcribe", recording.path.string, "--model", "words"], in: folder)
                #expect(tried.code == 2)
            }
        }

        @Test("the self-test transcribes the built-in recording, and names missing programs")
        func selfTest() async throws {
            try await TemporaryFolder.with { folder in
                let fine = try await earshot(["self-test"], in: folder)
                #expect(fine.code == 0, "\(fine.output)")
                #expect(fine.output.contains("“Close the file again.”"))
                let without = try await earshot(["self-test"], in: folder, ["PATH": folder.string])
                #expect(without.code == 1)
                #expect(without.output.contains("FAILED") && without.output.contains("ffmpeg"))
            }
        }
    }
}
