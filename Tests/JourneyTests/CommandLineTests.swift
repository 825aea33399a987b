import Foundation
import SystemPackage
import TestSupport
import Testing
import Transcripts

extension Journeys {
    /// `earshot transcribe` at a terminal and in scripts.
    @Suite struct CommandLineTests {
        @Test(
            "the text of every container is written, and nothing else",
            arguments: Recordings.containers + [Recordings.named("short-en-1.wav")]
        )
        func containers(recording: Recording) async throws {
            let outcome = try await earshot("transcribe", recording.path.string)
            #expect(outcome.code == 0, "\(outcome.errorOutput)")
            #expect(outcome.output == recording.text + "\n")
        }

        @Test(
            "the demo model is as accurate as measured with the engine's own program",
            arguments: Recordings.groups.filter { $0.name != "containers" }
        )
        func accuracy(group: Recordings.Group) async throws {
            var sum = WordErrorRate()
            for recording in group.recordings {
                let outcome = try await earshot("transcribe", recording.path.string)
                #expect(outcome.code == 0, "\(outcome.errorOutput)")
                sum = sum + WordErrorRate(reference: recording.text, hypothesis: outcome.output)
            }
            #expect(sum.rate <= group.measuredErrorRate + 0.01, "\(sum.errors) of \(sum.words) words are wrong")
        }

        @Test("a recording without speech gives no text and no failure", arguments: Recordings.speechless)
        func speechless(recording: Recording) async throws {
            let outcome = try await earshot("transcribe", recording.path.string)
            #expect(outcome.code == 0, "\(outcome.errorOutput)")
            #expect(outcome.output.isEmpty)
        }

        @Test("subtitles and JSON are valid files of their kind")
        func formats() async throws {
            let path = Recordings.path("clip25-en.wav").string
            let subRip = try await earshot("transcribe", path, "--format", "srt").output
            #expect(subRip.hasPrefix("1\n00:00:"))
            let webVTT = try await earshot("transcribe", path, "--format", "vtt").output
            #expect(webVTT.hasPrefix("WEBVTT\n\n00:00:"))
            #expect(webVTT.components(separatedBy: " --> ").count == subRip.components(separatedBy: " --> ").count)
            let json = try await earshot("transcribe", path, "--format", "json").output
            let transcript = try JSONDecoder().decode(VerboseTranscript.self, from: Data(json.utf8))
            expectText(transcript.text, says: Recordings.named("clip25-en.wav").text, errorRate: 0.01)
            #expect(transcript.language == "english")
            #expect(abs(transcript.duration - 25) < 0.1)
            #expect(!transcript.segments.isEmpty)
        }

        @Test("an unreadable file fails alone: the text of the others is written, and the exit code is 1")
        func oneOfSeveralFails() async throws {
            try await TemporaryFolder.with { folder in
                let bad = folder.appending("notes.mp3")
                try bad.write(Data("no sound at all".utf8))
                let missing = folder.appending("missing.wav")
                let good = Recordings.named("short-en-1.wav")
                let outcome = try await earshot("transcribe", bad.string, missing.string, good.path.string)
                #expect(outcome.code == 1)
                #expect(outcome.output == good.text + "\n")
                #expect(outcome.errorOutput.contains("notes.mp3"))
                #expect(outcome.errorOutput.contains("missing.wav"))
            }
        }

        @Test(
            "an invalid command line ends with 2 and writes nothing to standard output",
            arguments: [
                ["transcribe"], ["transcribe", "--nonsense", "a.wav"], ["transcribe", "--format", "exe", "a.wav"],
                ["transcribe", "--language", "klingon", "a.wav"], ["transcribe", "--model", "no-such-model", "a.wav"], ["frobnicate"],
            ]
        )
        func usage(arguments: [String]) async throws {
            let outcome = try await earshot(arguments)
            #expect(outcome.code == 2)
            #expect(outcome.output.isEmpty)
            #expect(!outcome.errorOutput.isEmpty)
        }

        @Test(
            "a file's name is only a name",
            arguments: ["-y.wav", "concat:a|b.wav", "frame-%03d.wav", "naïve \"quoted\" 'name' $(x).wav"]
        )
        func names(name: String) async throws {
            try await TemporaryFolder.with { folder in
                let recording = Recordings.named("short-en-1.wav")
                try folder.appending(name).write(recording.path.contents())
                let outcome = try await earshot(["transcribe", "--", name], in: folder)
                #expect(outcome.code == 0, "\(outcome.errorOutput)")
                #expect(outcome.output == recording.text + "\n")
            }
        }

        @Test("--output writes a file, or several files to a folder, and leaves standard output empty")
        func output() async throws {
            try await TemporaryFolder.with { folder in
                let (one, two) = (Recordings.named("short-en-1.wav"), Recordings.named("short-en-2.wav"))
                let file = folder.appending("one.txt")
                let first = try await earshot("transcribe", one.path.string, "--output", file.string)
                #expect(first.code == 0 && first.output.isEmpty)
                #expect(try String(decoding: file.contents(), as: UTF8.self) == one.text + "\n")

                let transcripts = folder.appending("transcripts")
                let both = try await earshot("transcribe", one.path.string, two.path.string, "--output", transcripts.string + "/")
                #expect(both.code == 0 && both.output.isEmpty)
                #expect(try String(decoding: transcripts.appending("short-en-1.txt").contents(), as: UTF8.self) == one.text + "\n")
                #expect(try String(decoding: transcripts.appending("short-en-2.txt").contents(), as: UTF8.self) == two.text + "\n")
            }
        }

        @Test("help and version are no failures")
        func help() async throws {
            for arguments in [["--help"], ["transcribe", "--help"], ["--version"]] {
                let outcome = try await earshot(arguments)
                #expect(outcome.code == 0)
                #expect(!outcome.output.isEmpty)
            }
        }

        private struct VerboseTranscript: Decodable {
            struct Segment: Decodable {
                let start: Double
                let end: Double
                let text: String
            }
            let language: String
            let duration: Double
            let text: String
            let segments: [Segment]
        }

        private func earshot(_ arguments: String...) async throws -> CommandLineProgram.Outcome {
            try await earshot(arguments)
        }

        private func earshot(_ arguments: [String], in folder: FilePath? = nil) async throws -> CommandLineProgram.Outcome {
            try await TemporaryFolder.with { data in
                let environment = RunningEarshot.environment(dataFolder: data).merging(["LOG_LEVEL": nil]) { $1 }
                return try await CommandLineProgram(
                    RunningEarshot.executable.string,
                    arguments,
                    environment: environment,
                    folder: folder ?? data
                ).run()
            }
        }
    }
}
