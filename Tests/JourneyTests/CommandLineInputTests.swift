import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// The inputs of `earshot transcribe` besides files, and the commands that compare texts.
    @Suite struct CommandLineInputTests {
        private let one = Recordings.named("short-en-1.wav")
        private let two = Recordings.named("short-en-2.wav")

        @Test("a folder contributes the recordings in it and in its subfolders, by name; hidden and other files are skipped")
        func folders() async throws {
            try await TemporaryFolder.with { folder in
                let deeper = folder.appending("deeper")
                try FileManager.default.createDirectory(atPath: deeper.string, withIntermediateDirectories: true)
                try deeper.appending("first.wav").write(one.path.contents())
                try folder.appending("second.WAV").write(two.path.contents())
                try folder.appending("notes.txt").write(Data("no recording".utf8))
                try folder.appending(".hidden.wav").write(Data("no recording".utf8))
                let outcome = try await Self.earshot(["transcribe", folder.string])
                #expect(outcome.code == 0, "\(outcome.errorOutput)")
                #expect(outcome.output == "\(one.text)\n\(two.text)\n")
            }
        }

        @Test("standard input can be a recording in any container")
        func standardInput() async throws {
            try await TemporaryFolder.with { folder in
                for name in ["short-en-1.wav", "short-en-1.m4a"] {
                    let command = "\"$0\" transcribe - < \"$1\""
                    let arguments = ["-c", command, RunningEarshot.executable.string, Recordings.path(name).string]
                    let environment = RunningEarshot.environment(dataFolder: folder)
                    let outcome = try await CommandLineProgram("/bin/sh", arguments, environment: environment, folder: folder).run()
                    #expect(outcome.output == one.text + "\n", "\(outcome.errorOutput)")
                }
            }
        }

        @Test("several formats are written to a folder, and captions may be the segments of the model")
        func formats() async throws {
            try await TemporaryFolder.with { folder in
                let arguments = ["transcribe", one.path.string, "--format", "srt", "--format", "docx", "--output", folder.string + "/"]
                let outcome = try await Self.earshot(arguments + ["--raw-captions"])
                #expect(outcome.code == 0, "\(outcome.errorOutput)")
                let names = try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
                #expect(names == ["short-en-1.docx", "short-en-1.srt"])
                #expect(try String(decoding: folder.appending("short-en-1.srt").contents(), as: UTF8.self).contains(one.text))
                #expect(try await Self.earshot(["transcribe", one.path.string, "-f", "srt", "-f", "txt"]).code == 2)
            }
        }

        @Test("recordings in a watched folder are transcribed once each, and a broken one stops nothing")
        func watch() async throws {
            try await TemporaryFolder.with { folder in
                let inbox = folder.appending("inbox")
                try FileManager.default.createDirectory(atPath: inbox.string, withIntermediateDirectories: true)
                try inbox.appending("one.wav").write(one.path.contents())
                let log = folder.appending("log")
                let process = try await ChildProcess.start(
                    RunningEarshot.executable,
                    ["transcribe", "--watch", inbox.string],
                    environment: RunningEarshot.environment(dataFolder: folder.appending("data")),
                    folder: folder,
                    log: log
                )
                try await eventually { FileManager.default.fileExists(atPath: inbox.appending("one.txt").string) }
                try inbox.appending("broken.mp3").write(Data("no sound at all".utf8))
                try inbox.appending("two.wav").write(two.path.contents())
                try await eventually { FileManager.default.fileExists(atPath: inbox.appending("two.txt").string) }
                try await eventually { process.output.contains("broken.mp3") }
                #expect(try String(decoding: inbox.appending("one.txt").contents(), as: UTF8.self) == one.text + "\n")
                #expect(try String(decoding: inbox.appending("two.txt").contents(), as: UTF8.self) == two.text + "\n")
                #expect(process.isRunning)
                await process.stop(within: .seconds(20))
                #expect(process.output.components(separatedBy: "one.wav: done").count == 2)
            }
        }

        @Test("options reach the engine: a part of a recording, with words, as JSON")
        func options() async throws {
            let arguments = ["transcribe", Recordings.path("clip25-en.wav").string, "--start", "0:02", "--end", "0:09"]
            let outcome = try await Self.earshot(arguments + ["--words", "--beam-size", "2", "--language", "en", "--format", "json"])
            #expect(outcome.code == 0, "\(outcome.errorOutput)")
            let transcript = try JSONDecoder().decode(Verbose.self, from: Data(outcome.output.utf8))
            #expect(!transcript.words.isEmpty)
            #expect(transcript.segments.allSatisfy { $0.start >= 2 && $0.end <= 9 })
            for wrong in [["--beam-size", "9"], ["--start", "soon"], ["--temperature", "3"], ["--start", "9", "--end", "2"]] {
                #expect(try await Self.earshot(arguments.prefix(2) + wrong).code == 2)
            }
        }

        @Test("wer counts the wrong words, and diff shows them")
        func comparing() async throws {
            try await TemporaryFolder.with { folder in
                let (reference, hypothesis) = (folder.appending("reference.txt"), folder.appending("hypothesis.txt"))
                try reference.write(Data("Close the file again.".utf8))
                try hypothesis.write(Data("close the door again".utf8))
                let rate = try await Self.earshot(["wer", reference.string, hypothesis.string, "--json"])
                #expect(rate.code == 0)
                let report = try JSONDecoder().decode(Report.self, from: Data(rate.output.utf8))
                #expect(report.substitutions == 1 && report.words == 4)
                let difference = try await Self.earshot(["diff", reference.string, hypothesis.string, "--spoken"])
                #expect(difference.code == 1)
                #expect(difference.output.contains("[-file-]{+door+}"))
                #expect(try await Self.earshot(["diff", reference.string, reference.string]).code == 0)
                #expect(try await Self.earshot(["wer", reference.string]).code == 2)
            }
        }

        private struct Verbose: Decodable {
            struct Piece: Decodable {
                let start: Double
                let end: Double
            }
            let segments: [Piece]
            let words: [Piece]
        }

        private struct Report: Decodable {
            let substitutions: Int
            let words: Int
        }

        private static func earshot(_ arguments: [String]) async throws -> CommandLineProgram.Outcome {
            try await TemporaryFolder.with { data in
                let environment = RunningEarshot.environment(dataFolder: data).merging(["LOG_LEVEL": nil]) { $1 }
                return try await CommandLineProgram(
                    RunningEarshot.executable.string,
                    arguments,
                    environment: environment,
                    folder: data
                ).run()
            }
        }
    }
}
