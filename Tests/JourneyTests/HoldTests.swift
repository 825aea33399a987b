import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// The machine fails for a while: the queue waits, says why, and continues by itself.
    @Suite struct HoldTests {
        private let recording = Recordings.named("short-en-1.wav")

        @Test("jobs wait while the folder of recordings is away, and complete when it is back")
        func folderAway() async throws {
            try await RunningEarshot.with { earshot in
                let uploads = earshot.dataFolder.appending("uploads")
                let away = earshot.dataFolder.appending("away")
                let ids = try await cancelled(5, earshot)
                try FileManager.default.moveItem(atPath: uploads.string, toPath: away.string)
                for id in ids { _ = try await earshot.api.control(id, "retry") }
                for id in ids { try await expectHeld(id, "recordings_unavailable", earshot) }
                // The old faults: five tries within half a minute, or a failure at once.
                try await expectWaiting(ids, earshot, checks: 2)
                #expect(!FileManager.default.fileExists(atPath: uploads.string), "nothing may be made in its place")
                try FileManager.default.moveItem(atPath: away.string, toPath: uploads.string)
                try await expectCompleted(ids, earshot)
                #expect(warnings("recordings_unavailable", earshot) == 1)
            }
        }

        @Test("jobs wait while ffmpeg is missing, and complete when it is there")
        func toolMissing() async throws {
            try await withTools { tools, path in
                try await RunningEarshot.with(environment: ["PATH": path]) { earshot in
                    let ids = try await cancelled(3, earshot)
                    let (ffmpeg, hidden) = (tools.appending("ffmpeg").string, tools.appending("hidden").string)
                    try FileManager.default.moveItem(atPath: ffmpeg, toPath: hidden)
                    for id in ids { _ = try await earshot.api.control(id, "retry") }
                    for id in ids { try await expectHeld(id, "tool_missing", earshot) }
                    try await expectWaiting(ids, earshot, checks: 2)
                    try FileManager.default.moveItem(atPath: hidden, toPath: ffmpeg)
                    try await expectCompleted(ids, earshot)
                    #expect(warnings("tool_missing", earshot) == 1)
                }
            }
        }

        @Test(
            "jobs wait while the disk is full, and complete when there is space; needs root, to mount a small disk",
            .enabled(if: getuid() == 0, "only root may mount a disk: the full disk is NOT tested here")
        )
        func diskFull() async throws {
            try await TemporaryFolder.with { folder in
                let disk = folder.appending("disk")
                try FileManager.default.createDirectory(atPath: disk.string, withIntermediateDirectories: false)
                try await CommandLineProgram("mount", ["-t", "tmpfs", "-o", "size=400m", "tmpfs", disk.string]).succeed()
                let outcome: Result<Void, any Error>
                do {
                    try await RunningEarshot.with(environment: ["UPLOAD_DIR": disk.appending("uploads").string]) { earshot in
                        let ids = try await cancelled(3, earshot)
                        let ballast = disk.appending("ballast")
                        try ballast.write(Data(count: 200 << 20))
                        let refused = try await earshot.api.upload(recording.path)
                        #expect(refused.status == 507)
                        #expect(try refused.json(EarshotAPI.Refusal.self).code == "disk_full")
                        for id in ids { _ = try await earshot.api.control(id, "retry") }
                        for id in ids { try await expectHeld(id, "disk_full", earshot) }
                        try await expectWaiting(ids, earshot, checks: 2)
                        try FileManager.default.removeItem(atPath: ballast.string)
                        try await expectCompleted(ids, earshot)
                    }
                    outcome = .success(())
                } catch {
                    outcome = .failure(error)
                }
                try await CommandLineProgram("umount", [disk.string]).succeed()
                try outcome.get()
            }
        }

        @Test("a recording whose file alone is missing fails with that reason, and a retry works once the file is back")
        func fileMissing() async throws {
            try await RunningEarshot.with { earshot in
                let ids = try await cancelled(1, earshot)
                let name = try #require(try earshot.storedFiles().first { $0.hasSuffix(".wav") })
                let stored = earshot.dataFolder.appending("uploads/\(name)").string
                let other = try await earshot.api.accept(Recordings.path("short-de-1.wav"))
                #expect(try await earshot.api.finished(other.id).status == "completed")
                try FileManager.default.moveItem(atPath: stored, toPath: stored + ".away")
                _ = try await earshot.api.control(ids[0], "retry")
                let failed = try await earshot.api.finished(ids[0])
                #expect(failed.errorCode == "file_missing")
                try FileManager.default.moveItem(atPath: stored + ".away", toPath: stored)
                _ = try await earshot.api.control(ids[0], "retry")
                try await expectCompleted(ids, earshot)
            }
        }

        @Test("a file that can only be read in part says so, in the API and in its export")
        func damaged() async throws {
            let earshot = try SharedEarshot.running
            try await TemporaryFolder.with { folder in
                let whole = Recordings.path("clip25-en.wav")
                let damaged = folder.appending("damaged.flac")
                try await CommandLineProgram("ffmpeg", ["-nostdin", "-v", "error", "-i", whole.string, damaged.string]).succeed()
                var bytes = try damaged.contents()
                bytes.removeLast(bytes.count / 3)
                try damaged.write(bytes)
                let done = try await earshot.api.finished(earshot.api.accept(damaged).id)
                #expect(done.status == "completed")
                let answer = try await earshot.api.server.ask("GET", "/api/v1/transcriptions/\(done.id)").json(JSONValue.self)
                #expect(answer["damaged"] == .flag(true))
                let read = try #require(answer["damage"]?["read_seconds"]?.number)
                #expect((10...20).contains(read))
                let export = try await earshot.api.server.ask("GET", "/api/v1/transcriptions/\(done.id)/export?format=json").json(
                    JSONValue.self
                )
                #expect(export["damage"]?["read_seconds"]?.number == read)
                let page = try await earshot.website.server.ask("GET", "/transcriptions/\(done.id)").text
                #expect(page.contains("data-damage"))
                let sound = try await earshot.api.finished(earshot.api.accept(recording.path).id)
                let fine = try await earshot.api.server.ask("GET", "/api/v1/transcriptions/\(sound.id)").json(JSONValue.self)
                #expect(fine["damaged"] == .flag(false))
            }
        }

        /// Transcriptions that were cancelled before their end, so that a retry does them when the test wants.
        private func cancelled(_ count: Int, _ earshot: RunningEarshot) async throws -> [String] {
            var ids: [String] = []
            for _ in 0..<count {
                let accepted = try await earshot.api.accept(recording.path)
                _ = try? await earshot.api.control(accepted.id, "cancel")
                if try await earshot.api.transcription(accepted.id).status == "cancelled" { ids.append(accepted.id) }
            }
            try #require(ids.count == count, "recognition was quicker than the request to cancel it")
            return ids
        }

        private func expectHeld(_ id: String, _ code: String, _ earshot: RunningEarshot) async throws {
            try await eventually {
                let answer = try await earshot.api.server.ask("GET", "/api/v1/transcriptions/\(id)").json(JSONValue.self)
                #expect(answer["status"] != .text("failed"))
                return answer["held_by"]?["code"] == .text(code)
            }
            let events = try await earshot.api.events(of: id) { $0.data.contains("held_by") }
            #expect(events.last?.event == "status")
        }

        /// Expects that the worker checks the fault several times, and that no transcription fails meanwhile.
        private func expectWaiting(_ ids: [String], _ earshot: RunningEarshot, checks: Int) async throws {
            try await eventually(within: .seconds(120)) {
                earshot.output.split(separator: "\n").filter { $0.contains("The fault lasts") }.count >= checks
            }
            for id in ids { #expect(["pending", "processing"].contains(try await earshot.api.transcription(id).status)) }
        }

        private func expectCompleted(_ ids: [String], _ earshot: RunningEarshot) async throws {
            for id in ids {
                let done = try await earshot.api.finished(id, within: .seconds(120))
                #expect(done.status == "completed", "\(done.errorCode ?? "")")
                #expect(done.text == recording.text)
            }
        }

        /// How often the log says that jobs wait for this.
        private func warnings(_ code: String, _ earshot: RunningEarshot) -> Int {
            earshot.output.split(separator: "\n").filter { $0.contains("Jobs wait") && $0.contains(code) }.count
        }

        /// Runs work with a folder that has links to the media tools alone, and a search path that has it in place of theirs.
        private func withTools(_ work: (FilePath, String) async throws -> Void) async throws {
            try await TemporaryFolder.with { folder in
                let own = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
                let tools = folder.appending("tools")
                try FileManager.default.createDirectory(atPath: tools.string, withIntermediateDirectories: false)
                for place in own {
                    for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] {
                        try? FileManager.default.createSymbolicLink(
                            atPath: tools.appending(name).string,
                            withDestinationPath: place + "/" + name
                        )
                    }
                }
                try await work(tools, tools.string)
            }
        }
    }
}
