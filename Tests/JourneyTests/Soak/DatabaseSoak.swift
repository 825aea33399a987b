import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

extension Soak {
    /// The database fails in every way that was ever seen, under long transcriptions: each segment comes once.
    @Suite struct DatabaseSoak {
        /// What happens to the private database.
        enum Fault: String, CaseIterable, Sendable {
            case oneConnectionKilled, stopped, killed, frozen
        }

        @Test("all segments come once, whatever happens to the database", .timeLimit(.minutes(30)), arguments: Fault.allCases)
        func fault(_ fault: Fault) async throws {
            try await RunningEarshot.with { earshot in
                try await TemporaryFolder.with { folder in
                    let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                    let accepted = try await (0..<4).asyncMap { _ in try await earshot.api.accept(speech.path) }
                    _ = try await earshot.api.events(of: accepted[0].id) { $0.event == "segment" }
                    try await strike(fault, earshot)
                    try await eventually(within: .seconds(120)) {
                        try await earshot.api.server.ask("GET", "/api/v1/health", within: .seconds(5)).status == 200
                    }
                    for one in accepted {
                        var finished: EarshotAPI.Transcription?
                        try await eventually(within: .seconds(600)) {
                            finished = try await earshot.api.transcription(one.id)
                            return finished?.isFinal == true
                        }
                        #expect(finished?.status == "completed", "\(finished?.errorCode ?? "")")
                        if let finished { try expectWhole(finished) }
                        expectText(finished?.text, says: speech.text, errorRate: 0.15)
                    }
                    SoakPlan.report("database \(fault.rawValue): 4 of 4 long transcriptions complete")
                }
            }
        }

        private func strike(_ fault: Fault, _ earshot: RunningEarshot) async throws {
            switch fault {
            case .oneConnectionKilled:
                let processes = await earshot.databaseProcessIDs()
                // The last child is the youngest connection.
                if let last = processes.last { _ = Foundation.kill(last, SIGTERM) }
            case .stopped: await earshot.stopDatabase()
            case .killed: await earshot.signalDatabase(SIGKILL)
            case .frozen:
                await earshot.signalDatabase(SIGSTOP)
                try await Task.sleep(for: .seconds(40))
                await earshot.signalDatabase(SIGCONT)
            }
        }
    }
}
