import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Where settings come from, besides the environment.
    @Suite struct SettingsFileTests {
        @Test("settings come from .env in the data folder or from the file that is named, never from the current folder")
        func place() async throws {
            try await TemporaryFolder.with { folder in
                let data = folder.appending("data")
                try FileManager.default.createDirectory(atPath: data.string, withIntermediateDirectories: true)
                try folder.appending(".env").write(Data("API_PORT=7001\n".utf8))
                #expect(try await !settings([], data: data, in: folder).output.contains("API_PORT = "))
                try data.appending(".env").write(Data("API_PORT=7002\n".utf8))
                #expect(try await settings([], data: data, in: folder).output.contains("API_PORT = 7002 "))
                #expect(try await settings(["--env-file", ".env"], data: data, in: folder).output.contains("API_PORT = 7001 "))
                let named = try await settings([], data: data, in: folder, ["EARSHOT_ENV_FILE": ".env"])
                #expect(named.output.contains("API_PORT = 7001 "))
                let missing = try await settings(["--env-file", "none"], data: data, in: folder)
                #expect(missing.code == 1 && missing.errorOutput.contains("/none"), "\(missing.errorOutput)")
            }
        }

        @Test("a secret setting may be in a file; both at once, an empty file and a missing file are refused")
        func secret() async throws {
            try await TemporaryFolder.with { folder in
                let file = folder.appending("url")
                try file.write(Data("postgresql://earshot:secret@db/earshot\n".utf8))
                let fine = try await settings([], data: folder, in: folder, ["DATABASE_URL_FILE": file.string])
                #expect(fine.code == 0 && fine.output.contains("DATABASE_URL = (hidden)"), "\(fine.errorOutput)")
                let both = try await settings([], data: folder, in: folder, ["DATABASE_URL_FILE": file.string, "DATABASE_URL": "x"])
                #expect(both.code == 1 && both.errorOutput.contains("both set"))
                let missing = try await settings([], data: folder, in: folder, ["DATABASE_URL_FILE": "/nowhere"])
                #expect(missing.code == 1 && missing.errorOutput.contains("cannot be read"))
                try file.write(Data("\n".utf8))
                let empty = try await settings([], data: folder, in: folder, ["DATABASE_URL_FILE": file.string])
                #expect(empty.code == 1 && empty.errorOutput.contains("is empty"))
            }
        }

        private func settings(
            _ options: [String],
            data: FilePath,
            in folder: FilePath,
            _ more: [String: String] = [:]
        ) async throws -> CommandLineProgram.Outcome {
            let environment = RunningEarshot.environment(dataFolder: data).merging(more.mapValues { Optional($0) }) { $1 }
            return try await CommandLineProgram(
                RunningEarshot.executable.string,
                options + ["settings"],
                environment: environment,
                folder: folder
            ).run()
        }
    }
}
