import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Several processes with one database and one folder of uploads.
    @Suite(.freshDatabase) struct SharedWorkTests {
        @Test("two workers share a recording and finish it once, also when one of them is killed on the way")
        func twoWorkers() async throws {
            try await RunningEarshot.with(environment: ["DATABASE_URL": FreshDatabase.conninfo]) { first in
                let shared = [
                    "DATABASE_URL": FreshDatabase.conninfo, "UPLOAD_DIR": first.dataFolder.appending("uploads").string,
                    "JOB_LEASE_SECONDS": "3",
                ]
                try await RunningEarshot.with(environment: shared) { second in
                    try await TemporaryFolder.with { folder in
                        let speech = try await SpeechSynthesis.recording(minutes: 6, in: folder)
                        let accepted = try await first.api.accept(speech.path)
                        try await eventually {
                            second.output.contains("kind=block") && first.output.contains("kind=block")
                        }
                        _ = try await second.api.events(of: accepted.id) { $0.event == "segment" }
                        try await second.kill()
                        let done = try await first.api.finished(accepted.id)
                        #expect(done.status == "completed")
                        try expectWhole(done)
                        expectText(done.text, says: speech.text, errorRate: 0.15)
                        #expect(try first.spools().isEmpty)
                    }
                }
            }
        }
    }
}
