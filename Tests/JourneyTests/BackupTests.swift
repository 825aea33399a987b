import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Everything is saved in one file, and comes back from it.
    @Suite struct BackupTests {
        private static let recordings = ["short-en-1.wav", "short-en-2.wav"].map { Recordings.named($0) }

        /// What a user sees of a transcription, and its recording.
        private struct Seen: Equatable {
            let text: String?
            let revision: Int?
            let audio: Data
        }

        private func path(_ id: String, _ rest: String = "") -> String { "/api/v1/transcriptions/\(id)\(rest)" }

        private func seen(_ earshot: RunningEarshot) async throws -> [String: Seen] {
            var all: [String: Seen] = [:]
            for item in try await earshot.api.transcriptions().items {
                let whole = try await earshot.api.transcription(item.id)
                let audio = try await earshot.api.server.ask("GET", path(item.id, "/audio"))
                all[item.id] = Seen(text: whole.text, revision: whole.revision, audio: Data(audio.body))
            }
            return all
        }

        /// Changes the text of a transcription into one segment.
        private func edit(_ id: String, to text: String, from revision: Int, _ earshot: RunningEarshot) async throws {
            let segment = JSONValue.object(["start": .number(0), "end": .number(1), "text": .text(text)])
            let change = JSONValue.object(["segments": .list([segment]), "revision": .number(Double(revision))])
            let answer = try await earshot.api.server.send("PATCH", path(id), json: change)
            #expect(answer.status == 200, "\(answer.text)")
        }

        /// Two transcriptions, one of them edited, and a backup of them; later the first is deleted and the other edited again.
        private func scene(_ earshot: RunningEarshot) async throws -> (backup: FilePath, before: [String: Seen], after: [String: Seen]) {
            var ids: [String] = []
            for recording in Self.recordings {
                let accepted = try await earshot.api.accept(recording.path)
                _ = try await earshot.api.finished(accepted.id)
                ids.append(accepted.id)
            }
            try await edit(ids[1], to: "First edit.", from: 0, earshot)
            let before = try await seen(earshot)
            let backup = earshot.dataFolder.appending("saved.tar")
            let outcome = try await earshot.command(["database", "backup", backup.string])
            #expect(outcome.code == 0, "\(outcome.errorOutput)")
            #expect(outcome.output.contains("2 recordings"))
            #expect(try await earshot.api.delete(ids[0]).status == 204)
            try await edit(ids[1], to: "Second edit.", from: 1, earshot)
            return (backup, before, try await seen(earshot))
        }

        @Test("a backup made while Earshot runs brings back every text, revision and recording")
        func comesBack() async throws {
            try await RunningEarshot.with { earshot in
                let (backup, before, after) = try await scene(earshot)
                #expect(before != after)
                let again = try await earshot.command(["database", "backup", backup.string])
                #expect(again.code == 1)
                let early = try await earshot.command(["database", "restore", backup.string])
                #expect(early.code == 1)
                #expect(early.errorOutput.contains("Stop Earshot"), "\(early.errorOutput)")
                #expect(try await seen(earshot) == after)
                _ = try await earshot.terminate()
                let restored = try await earshot.command(["database", "restore", backup.string])
                #expect(restored.code == 0, "\(restored.errorOutput)")
                #expect(restored.output.contains("before_restore_"))
                try await earshot.start()
                #expect(try await seen(earshot) == before)
                let search = try await earshot.api.server.ask("GET", "/api/v1/search?q=edit")
                #expect(search.text.contains("First"), "\(search.text)")
                // What is new works as before, and so does the next backup.
                let accepted = try await earshot.api.accept(Recordings.path("clip25-en.wav"))
                _ = try await earshot.api.finished(accepted.id)
                let next = try await earshot.command(["database", "backup", backup.string + "-2"])
                #expect(next.code == 0, "\(next.errorOutput)")
                #expect(try await earshot.command(["database", "discard-old"]).output.contains("before_restore_"))
                #expect(try await earshot.command(["database", "verify"]).code == 0)
            }
        }

        @Test("a backup that was cut or changed is refused, and nothing changes")
        func damaged() async throws {
            try await RunningEarshot.with { earshot in
                let (backup, _, after) = try await scene(earshot)
                #expect(try await earshot.command(["database", "verify", backup.string]).code == 0)
                let bytes = try backup.contents()
                var flipped = bytes
                flipped[bytes.count / 2] ^= 1
                _ = try await earshot.terminate()
                let copies = [Data(bytes.dropLast(2000)), Data(bytes.prefix(bytes.count / 2)), Data(flipped)]
                for (index, damaged) in copies.enumerated() {
                    let file = earshot.dataFolder.appending("damaged-\(index).tar")
                    try damaged.write(to: URL(filePath: file.string))
                    for command in ["verify", "restore"] {
                        let outcome = try await earshot.command(["database", command, file.string])
                        #expect(outcome.code == 1, "\(command) \(index)")
                        #expect(outcome.errorOutput.contains("The backup is damaged"), "\(outcome.errorOutput)")
                    }
                }
                try await earshot.start()
                #expect(try await seen(earshot) == after)
            }
        }

        @Test(
            "a restore that is killed leaves the old state or the new one, and can be repeated",
            arguments: ["restore.read", "restore.loaded", "restore.prepared", "restore.placed", "restore.swapped"]
        )
        func killed(place: String) async throws {
            try await RunningEarshot.with { earshot in
                let (backup, before, after) = try await scene(earshot)
                _ = try await earshot.terminate()
                let killed = try await earshot.command(
                    ["database", "restore", backup.string],
                    settings: ["EARSHOT_FAILPOINTS": "\(place)=kill"]
                )
                #expect(killed.code == -1, "\(killed.output) \(killed.errorOutput)")
                try await earshot.start()
                #expect(try await seen(earshot) == (place == "restore.swapped" ? before : after))
                _ = try await earshot.terminate()
                let restored = try await earshot.command(["database", "restore", backup.string])
                #expect(restored.code == 0, "\(restored.errorOutput)")
                try await earshot.start()
                #expect(try await seen(earshot) == before)
            }
        }

        @Test("a backup of recordings that are missing or changed says which, and makes no file")
        func missing() async throws {
            try await RunningEarshot.with { earshot in
                for recording in Self.recordings { _ = try await earshot.api.finished(earshot.api.accept(recording.path).id) }
                let files = try earshot.storedFiles().map { earshot.dataFolder.appending("uploads").appending($0) }
                let backup = earshot.dataFolder.appending("saved.tar")
                var bytes = try files[0].contents()
                bytes[1000] ^= 1
                try Data(bytes).write(to: URL(filePath: files[0].string))
                try FileManager.default.removeItem(atPath: files[1].string)
                let outcome = try await earshot.command(["database", "backup", backup.string])
                #expect(outcome.code == 1)
                let check = try await earshot.command(["database", "verify"])
                #expect(check.code == 1)
                for name in files.compactMap({ $0.lastComponent?.string }) {
                    #expect(outcome.errorOutput.contains(name), "\(outcome.errorOutput)")
                    #expect(check.output.contains(name), "\(check.output)")
                }
                let left = try FileManager.default.contentsOfDirectory(atPath: earshot.dataFolder.string)
                #expect(!left.contains { $0.hasPrefix("saved.tar") }, "\(left)")
            }
        }

        @Test("a backup of one installation can be restored in another")
        func elsewhere() async throws {
            try await RunningEarshot.with { earshot in
                let (backup, before, _) = try await scene(earshot)
                try await RunningEarshot.with { other in
                    _ = try await other.terminate()
                    let restored = try await other.command(["database", "restore", backup.string])
                    #expect(restored.code == 0, "\(restored.errorOutput)")
                    try await other.start()
                    #expect(try await seen(other) == before)
                }
            }
        }
    }
}
