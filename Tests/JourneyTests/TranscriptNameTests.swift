import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// The names of the transcripts that `earshot transcribe` writes into a folder.
    @Suite struct TranscriptNameTests {
        private let one = Recordings.named("short-en-1.wav")
        private let two = Recordings.named("short-en-2.wav")
        private let m4a = Recordings.named("short-en-1.m4a")

        @Test("recordings of the same stem in different folders or with different endings get a transcript each")
        func batch() async throws {
            try await TemporaryFolder.with { folder in
                let (talks, more) = (folder.appending("talks"), folder.appending("more"))
                try makeFolder(talks.appending("deeper"))
                try makeFolder(more)
                try talks.appending("talk.wav").write(one.path.contents())
                try talks.appending("talk.m4a").write(m4a.path.contents())
                try talks.appending("deeper/talk.wav").write(two.path.contents())
                try more.appending("talk.wav").write(two.path.contents())
                let outcome = try await CommandLineProgram(
                    RunningEarshot.executable.string,
                    ["transcribe", talks.string, more.string, "--output", folder.string + "/text/"],
                    environment: RunningEarshot.environment(dataFolder: folder.appending("data")),
                    folder: folder
                ).run()
                #expect(outcome.code == 0, "\(outcome.errorOutput)")
                let texts = try texts(in: folder.appending("text"))
                #expect(
                    texts == [
                        "talk.m4a.txt": m4a.text, "talk.wav.txt": one.text, "talk.wav-2.txt": two.text, "deeper/talk.txt": two.text,
                    ]
                )
            }
        }

        @Test("in a watched folder, recordings of the same stem are both transcribed, and links lead nowhere else")
        func watched() async throws {
            try await TemporaryFolder.with { folder in
                let inbox = folder.appending("inbox")
                try makeFolder(inbox)
                try inbox.appending("talk.wav").write(one.path.contents())
                try folder.appending("secret.wav").write(two.path.contents())
                try FileManager.default.createSymbolicLink(atPath: inbox.appending("out.wav").string, withDestinationPath: "../secret.wav")
                let process = try await ChildProcess.start(
                    RunningEarshot.executable,
                    ["transcribe", "--watch", inbox.string],
                    environment: RunningEarshot.environment(dataFolder: folder.appending("data")),
                    folder: folder,
                    log: folder.appending("log")
                )
                try await eventually { process.output.contains("talk.wav: done") }
                try inbox.appending("talk.m4a").write(m4a.path.contents())
                try FileManager.default.createSymbolicLink(atPath: inbox.appending("within.wav").string, withDestinationPath: "talk.wav")
                try await eventually { process.output.contains("talk.m4a: done") && process.output.contains("within.wav: done") }
                #expect(process.output.components(separatedBy: "talk.wav: done").count == 2)
                #expect(process.output.contains("out.wav: skipped"))
                await process.stop(within: .seconds(20))
                let texts = try texts(in: inbox)
                #expect(texts == ["talk.txt": one.text, "talk.m4a.txt": m4a.text, "within.txt": one.text])
            }
        }

        private func makeFolder(_ path: FilePath) throws {
            try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
        }

        /// The transcripts below a folder, by their paths.
        private func texts(in folder: FilePath) throws -> [String: String] {
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder.string).filter { $0.hasSuffix(".txt") }
            return try Dictionary(
                uniqueKeysWithValues: names.map { name in
                    let text = try String(decoding: folder.appending(name).contents(), as: UTF8.self)
                    return (name, text.trimmingCharacters(in: .whitespacesAndNewlines))
                }
            )
        }
    }
}
