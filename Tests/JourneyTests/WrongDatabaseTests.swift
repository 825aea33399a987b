import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Earshot starts with a database that does not know the recordings in the folder.
    @Suite struct WrongDatabaseTests {
        private static let recording = Recordings.named("short-en-1.wav")

        private func move(_ name: String, to goal: String, in folder: FilePath) throws {
            try FileManager.default.moveItem(atPath: folder.appending(name).string, toPath: folder.appending(goal).string)
        }

        @Test("an empty database in place of the right one: nothing starts, nothing is deleted, and all is well with the right one")
        func emptyDatabase() async throws {
            try await RunningEarshot.with { earshot in
                let accepted = try await earshot.api.accept(Self.recording.path)
                _ = try await earshot.api.finished(accepted.id)
                let files = try earshot.storedFiles()
                _ = try await earshot.terminate()
                try move("postgres", to: "right", in: earshot.dataFolder)
                await #expect(throws: RunningEarshot.DidNotStart.self) { try await earshot.start() }
                #expect(try await earshot.end() == .exited(1))
                #expect(earshot.output.contains("earshot recordings adopt"))
                #expect(try earshot.storedFiles() == files)
                try FileManager.default.removeItem(atPath: earshot.dataFolder.appending("postgres").string)
                try move("right", to: "postgres", in: earshot.dataFolder)
                try await earshot.start()
                #expect(try await earshot.api.transcriptions().items.map(\.id) == [accepted.id])
            }
        }

        @Test("where the database is gone for good, the folder can be adopted and its recordings taken back")
        func adoption() async throws {
            try await RunningEarshot.with { earshot in
                let accepted = try await earshot.api.accept(Self.recording.path)
                _ = try await earshot.api.finished(accepted.id)
                let files = try earshot.storedFiles()
                _ = try await earshot.terminate()
                try FileManager.default.removeItem(atPath: earshot.dataFolder.appending("postgres").string)
                #expect(try await earshot.command(["recordings", "adopt"]).code == 0)
                try await earshot.start()
                #expect(try await earshot.api.transcriptions().total == 0)
                #expect(try earshot.lostFiles().count == 1)
                let list = try await earshot.command(["recordings", "lost"])
                #expect(list.code == 0)
                #expect(list.output.contains(files[0]))
                #expect(try await earshot.command(["recordings", "take-back", "nothing"]).code == 2)
                let back = try await earshot.command(["recordings", "take-back", "--all"])
                #expect(back.code == 0)
                let item = try #require(try await earshot.api.transcriptions().items.first)
                #expect(back.output.contains(item.id))
                #expect(try await earshot.api.finished(item.id).text == Self.recording.text)
                #expect(try earshot.lostFiles().isEmpty)
            }
        }
    }
}
