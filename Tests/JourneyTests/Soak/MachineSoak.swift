import Foundation
import SystemPackage
import TestSupport
import Testing

extension Soak {
    /// The machine fails under long transcriptions: they wait, and each segment comes once.
    @Suite(.enabled(if: getuid() == 0, "only root may mount a disk: a full and a read-only disk are NOT tested here")) struct MachineSoak {
        private static let recording = Recordings.named("short-en-1.wav")

        @Test("not a byte is free on the disk of recordings and database for 40 seconds", .timeLimit(.minutes(20)))
        func fullDisk() async throws {
            try await RunningEarshot.with { earshot in
                try await earshot.terminate()
                await earshot.stopDatabase()
                let disk = earshot.dataFolder
                try await CommandLineProgram("mount", ["-t", "tmpfs", "-o", "size=1500m,mode=755", "tmpfs", disk.string]).succeed()
                try await unmounting(disk) {
                    try await earshot.start()
                    try await transcribing(earshot, "disk full") {
                        let ballast = disk.appending("ballast")
                        // It ends with an error once the disk is full.
                        _ = try await CommandLineProgram("dd", ["if=/dev/zero", "of=\(ballast)", "bs=64k"]).run()
                        let refused = try await earshot.api.upload(Self.recording.path)
                        #expect([503, 507].contains(refused.status), "\(refused.status)")
                        try await Task.sleep(for: .seconds(40))
                        try FileManager.default.removeItem(atPath: ballast.string)
                    }
                    try await earshot.terminate()
                    await earshot.stopDatabase()
                }
            }
        }

        @Test("the folder of recordings can only be read for a while: a deletion is done later", .timeLimit(.minutes(20)))
        func readOnlyFolder() async throws {
            try await RunningEarshot.with { earshot in
                let folder = earshot.dataFolder.appending("uploads")
                let doomed = try await earshot.api.finished(earshot.api.accept(Self.recording.path).id)
                let files = try earshot.storedFiles()
                try await transcribing(earshot, "folder read-only") {
                    try await CommandLineProgram("mount", ["--bind", folder.string, folder.string]).succeed()
                    try await unmounting(folder) {
                        try await CommandLineProgram("mount", ["-o", "remount,bind,ro", folder.string]).succeed()
                        let refused = try await earshot.api.upload(Recordings.named("short-en-2.wav").path)
                        #expect([503, 507].contains(refused.status), "\(refused.status)")
                        #expect(try await earshot.api.delete(doomed.id).status == 204)
                        #expect(try Set(earshot.storedFiles()).isSuperset(of: files))
                        try await Task.sleep(for: .seconds(10))
                    }
                }
                try await eventually(within: .seconds(120)) { try Set(earshot.storedFiles()).isDisjoint(with: files) }
            }
        }

        @Test("a worker that stands still for longer than its lease drops what came too late", .timeLimit(.minutes(20)))
        func frozenWorker() async throws {
            try await RunningEarshot.with(environment: ["JOB_LEASE_SECONDS": "3"]) { earshot in
                try await transcribing(earshot, "worker frozen") {
                    for _ in 0..<3 {
                        let worker = try #require(try await earshot.workerProcessID)
                        #expect(kill(worker, SIGSTOP) == 0)
                        try await Task.sleep(for: .seconds(6))
                        #expect(kill(worker, SIGCONT) == 0)
                        try await Task.sleep(for: .seconds(2))
                    }
                }
            }
        }

        /// Strikes while long recordings are transcribed, and expects all of each afterwards.
        private func transcribing(_ earshot: RunningEarshot, _ name: String, _ strike: () async throws -> Void) async throws {
            try await TemporaryFolder.with { folder in
                let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                let accepted = try await (0..<4).asyncMap { _ in try await earshot.api.accept(speech.path) }
                _ = try await earshot.api.events(of: accepted[0].id) { $0.event == "segment" }
                try await strike()
                for one in accepted {
                    var finished: EarshotAPI.Transcription?
                    try await eventually(within: .seconds(600)) {
                        finished = try? await earshot.api.transcription(one.id)
                        return finished?.isFinal == true
                    }
                    #expect(finished?.status == "completed", "\(finished?.errorCode ?? "")")
                    if let finished { try expectWhole(finished) }
                    expectText(finished?.text, says: speech.text, errorRate: 0.15)
                }
                SoakPlan.report("\(name): 4 of 4 long transcriptions complete")
            }
        }

        private func unmounting(_ folder: FilePath, _ work: () async throws -> Void) async throws {
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await work())
            } catch {
                outcome = .failure(error)
            }
            try await CommandLineProgram("umount", ["--lazy", folder.string]).succeed()
            try outcome.get()
        }
    }
}
