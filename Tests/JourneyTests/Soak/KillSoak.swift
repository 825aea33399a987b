import Foundation
import NIOCore
import SystemPackage
import TestSupport
import Testing

extension Soak {
    /// Earshot is killed again and again under a mixed load: nothing is lost, nothing doubled.
    @Suite struct KillSoak {
        private static let recording = Recordings.named("short-en-1.wav")

        /// What is killed.
        private enum Target: CaseIterable {
            /// The program, whose worker ends with it.
            case program
            /// The worker alone.
            case worker
            /// The program and all of PostgreSQL.
            case everything
        }

        /// A recording with the sound of the demo and a length of its own, so that each is another file.
        private func recording(_ number: Int) throws -> Data {
            var bytes = try Self.recording.path.contents()
            bytes.append(Data(count: 2 * (number + 1)))
            return bytes
        }

        @Test("kill -9 at random moments", .timeLimit(.minutes(60)))
        func kills() async throws {
            try await RunningEarshot.with { earshot in
                var dice = Dice(seed: SoakPlan.seed)
                let ledger = KillLedger()
                var number = 0
                var slowest = Duration.zero
                for kill in 0..<SoakPlan.kills {
                    let target = kill % 10 == 9 ? Target.everything : dice.roll(4) == 0 ? .worker : .program
                    let moment = Duration.milliseconds(50 + dice.roll(1500))
                    let requests = (0..<4).map { _ in
                        number += 1
                        return (kind: dice.roll(10), number: number, dice: Dice(seed: UInt64(dice.roll(1 << 30))))
                    }
                    await withTaskGroup(of: Void.self) { group in
                        for request in requests {
                            group.addTask {
                                var dice = request.dice
                                try? await self.request(request.kind, number: request.number, &dice, earshot, ledger)
                            }
                        }
                        try? await Task.sleep(for: moment)
                        try? await end(target, earshot)
                    }
                    let began = ContinuousClock.now
                    if target != .worker { try await earshot.start() }
                    slowest = max(slowest, .now - began)
                    for upload in await ledger.unfinished {
                        let head = try await ResumableUploadClient(earshot.api.server).ask("HEAD", upload.id)
                        let offset = head.headers["upload-offset"].flatMap { Int($0) } ?? -1
                        #expect(offset >= upload.offset, "upload \(upload.id) had \(upload.offset) bytes and has \(offset)")
                        if let id = head.headers["upload-transcription"] { await ledger.finish(upload.id, as: id) }
                    }
                }
                try await settle(earshot, ledger, slowest: slowest)
            }
        }

        /// A request of one client.
        private func request(_ kind: Int, number: Int, _ dice: inout Dice, _ earshot: RunningEarshot, _ ledger: KillLedger) async throws {
            let api = earshot.api
            switch kind {
            case 0...4:
                var form = MultipartForm()
                try form.addFile("file", filename: "talk-\(number).wav", recording(number))
                let answer = try await api.post(form)
                if answer.status == 201 { await ledger.accept(try answer.json(EarshotAPI.Transcription.self).id) }
            case 5...7:
                let client = ResumableUploadClient(api.server)
                let bytes = try recording(number)
                let id = try await client.create(length: bytes.count, metadata: ["filename": "tus-\(number).wav"])
                await ledger.note(id, offset: 0)
                let half = bytes.count / (2 + dice.roll(3))
                guard try await client.append(bytes.prefix(half), to: id, at: 0).status == 204 else { return }
                await ledger.note(id, offset: half)
                let last = try await client.append(bytes.dropFirst(half), to: id, at: half)
                guard last.status == 204 else { return }
                await ledger.note(id, offset: bytes.count)
                if let transcription = last.headers["upload-transcription"] { await ledger.finish(id, as: transcription) }
            default:
                guard let id = await ledger.victim(&dice) else { return }
                await ledger.askDeletion(id)
                if try await api.delete(id).status == 204 { await ledger.delete(id) }
            }
        }

        private func end(_ target: Target, _ earshot: RunningEarshot) async throws {
            switch target {
            case .program: try await earshot.kill()
            case .worker: if let worker = try await earshot.workerProcessID { _ = Foundation.kill(worker, SIGKILL) }
            case .everything:
                try await earshot.kill()
                await earshot.signalDatabase(SIGKILL)
            }
        }

        /// Waits for the end of all work, and compares what is there with what was promised.
        private func settle(_ earshot: RunningEarshot, _ ledger: KillLedger, slowest: Duration) async throws {
            let all = try await everything(earshot)
            for transcription in all { _ = try await earshot.api.finished(transcription.id, within: .seconds(600)) }
            // An upload that is whole becomes a transcription by itself.
            let present = try await everything(earshot)
            await ledger.check(against: present)
            for transcription in present {
                let finished = try await earshot.api.finished(transcription.id)
                #expect(finished.status == "completed", "\(finished.errorCode ?? "") \(finished.errorMessage ?? "")")
                #expect(finished.text == Self.recording.text)
            }
            #expect(try earshot.storedFiles().filter { !$0.hasSuffix(".part") }.count == Set(present.map(\.audioFileId)).count)
            try await eventually { try earshot.spools().isEmpty }
            let counts = await ledger.counts
            let setAside = try earshot.lostFiles().count
            SoakPlan.report(
                "kills \(SoakPlan.kills) (seed \(SoakPlan.seed)): accepted \(counts.accepted), of these by tus \(counts.uploads)"
            )
            SoakPlan.report("kills: deleted \(counts.deleted), present \(present.count), set aside \(setAside), slowest start \(slowest)")
        }

        private func everything(_ earshot: RunningEarshot) async throws -> [EarshotAPI.Transcription] {
            var all: [EarshotAPI.Transcription] = []
            while true {
                let page = try await earshot.api.transcriptions("limit=100&offset=\(all.count)")
                all += page.items
                if page.items.isEmpty || all.count >= page.total { return all }
            }
        }
    }
}
