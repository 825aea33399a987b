import ArgumentParser
import Audio
import Foundation
import Logging
import ModelLibrary
import Speech
import SystemPackage
import Transcripts

/// `earshot self-test`: whether this installation can transcribe.
struct SelfTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-test",
        abstract: "Check this installation by transcribing a built-in recording.",
        discussion: """
            Runs ffprobe, ffmpeg, the engine and the demo model as a transcription does, and checks the structure of the installed models. Needs \
            no database, no network and no settings.
            Exit code: 0 if everything works, 1 if something is missing or broken, 2 if the command line is invalid.

            Example:
              earshot self-test
            """
    )

    func run() async throws {
        try await withProcessLogging(level: .error) {
            let settings = try await Settings.load()
            let library = ModelFolder(settings).library
            let models = library.models()
            var checks = Checks()
            let demo = models.first { $0.isDemo }
            await checks.run("demo model") {
                guard let demo else { throw Self.missing }
                try await demo.verify()
                return demo.path.string
            }
            let sample = DemoSample.path
            await checks.run("built-in recording, read by ffprobe") {
                guard let sample else { throw Self.missing }
                let description = try await AudioProbe().describe(sample)
                return "\(description.channels) channel, \(description.duration.map { "\($0) ms" } ?? "of unknown length")"
            }
            await checks.run("engine") {
                let devices = EngineDevice.all.map { "\($0.name) (\($0.description))" }
                guard !devices.isEmpty else { throw SpeechError.noProcessor }
                return devices.joined(separator: ", ")
            }
            if let demo, let sample {
                await checks.run("transcription with ffmpeg and the engine") {
                    let transcription = FileTranscription(model: demo, options: TranscriptionOptions(), threads: nil, settings: settings)
                    let text = try await transcription.transcribe(sample, showsProgress: false).text
                    guard text == DemoSample.text else { throw CommandError("the text is “\(text)” instead of “\(DemoSample.text)”") }
                    return "“\(text)”"
                }
            }
            for (model, reason) in library.brokenModels() { checks.report(failure: "\(reason)", of: "model \(model.name)") }
            let real = models.filter { !$0.isDemo }.map(\.name)
            let names =
                real.isEmpty ? "only the demo model; to download another: earshot models download base" : real.joined(separator: ", ")
            print("models: \(names)")
            guard checks.failures == 0 else { throw ExitCode(1) }
        }
    }

    private static let missing = CommandError("its file is missing from the installation; install Earshot again")

    /// Runs the checks and prints each result.
    private struct Checks {
        private(set) var failures = 0

        mutating func run(_ name: String, _ check: () async throws -> String) async {
            do {
                print("ok      \(name): \(try await check())")
            } catch {
                report(failure: CommandError.explanation(of: error), of: name)
            }
        }

        mutating func report(failure: String, of name: String) {
            failures += 1
            print("FAILED  \(name): \(failure)")
        }
    }
}
