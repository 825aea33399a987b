import ArgumentParser
import Audio
import Foundation
import Logging
import ModelLibrary
import Speech
import SystemPackage
import Transcripts

/// `earshot self-test`: whether this installation can transcribe.
struct SelfTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-test",
        abstract: "Transcribe a built-in recording and compare the text.",
        discussion: """
            Uses ffprobe, ffmpeg, the engine and the demo model just as a transcription does, and looks at the models that are here. Needs no
            database, no network and no settings.
            Exit code: 0 when all is well, 1 when something is missing or broken, which is named.

            Example:
              earshot self-test
            """
    )

    func run() async throws {
        try await withProcessLogging(level: .error) {
            let settings = try await Settings.load()
            let library = ModelLibrary(folder: settings.modelFolder, preferred: settings.model)
            var checks = Checks()
            let demo = library.models().first { $0.isDemo }
            await checks.run("demo model") {
                guard let demo else { throw Trouble("its file is not beside the program; install Earshot again") }
                try await demo.verify()
                return demo.path.string
            }
            let sample = DemoSample.path
            await checks.run("built-in recording, read by ffprobe") {
                guard let sample else { throw Trouble("its file is not beside the program; install Earshot again") }
                let description = try await AudioProbe().describe(sample)
                return "\(description.channels) channel, \(description.duration.map { "\($0) ms" } ?? "of unknown length")"
            }
            await checks.run("engine") {
                let devices = EngineDevice.all.map { "\($0.name) (\($0.description))" }
                guard !devices.isEmpty else { throw SpeechError.noProcessor }
                return devices.joined(separator: ", ")
            }
            if let demo, let sample {
                await checks.run("transcription, by ffmpeg and the engine") {
                    let desk = TranscriptionDesk(model: demo, options: TranscriptionOptions(), threads: nil, settings: settings)
                    let text = try await desk.transcribe(sample, showsProgress: false).text
                    guard text == DemoSample.text else { throw Trouble("heard “\(text)” instead of “\(DemoSample.text)”") }
                    return "“\(text)”"
                }
            }
            for (model, reason) in library.brokenModels() { checks.note(failure: "\(reason)", of: "model \(model.name)") }
            let real = library.models().filter { !$0.isDemo }.map(\.name)
            print(
                "models: \(real.isEmpty ? "only the demo model; “earshot models download base” fetches a real one" : real.joined(separator: ", "))"
            )
            guard checks.failures == 0 else { throw ExitCode(1) }
        }
    }

    /// What was found wrong, for people.
    private struct Trouble: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// A list that is printed while it is worked through.
    private struct Checks {
        private(set) var failures = 0

        mutating func run(_ name: String, _ check: () async throws -> String) async {
            do {
                print("ok      \(name): \(try await check())")
            } catch {
                note(failure: Transcribe.explain(error), of: name)
            }
        }

        mutating func note(failure: String, of name: String) {
            failures += 1
            print("FAILED  \(name): \(failure)")
        }
    }
}
