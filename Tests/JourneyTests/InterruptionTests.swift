import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Earshot is killed or stopped during its work, and starts again.
    @Suite struct InterruptionTests {
        @Test("a transcription during which Earshot is killed completes after the next start, once")
        func killed() async throws {
            try await interrupted(minutes: 10) { earshot in try await earshot.kill() }
        }

        @Test("a transcription during which Earshot is stopped completes after the next start, once")
        func stopped() async throws {
            try await interrupted(minutes: 5) { earshot in
                let end = try await earshot.terminate(within: .seconds(30))
                #expect(end == .exited(0))
            }
        }

        @Test("stopping ends open streams at once")
        func openStreams() async throws {
            try await RunningEarshot.with { earshot in
                try await TemporaryFolder.with { folder in
                    let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                    let accepted = try await earshot.api.accept(speech.path)
                    async let events = earshot.website.events(of: accepted.id)
                    _ = try await earshot.api.events(of: accepted.id) { $0.event == "segment" }
                    let end = try await earshot.terminate(within: .seconds(15))
                    #expect(end == .exited(0))
                    let seen = (try? await events) ?? []
                    #expect(seen.last?.event != "done")
                }
            }
        }

        /// Interrupts the transcription of a long file after its first segments were stored, starts again and expects its completion.
        private func interrupted(minutes: Int, _ interrupt: (RunningEarshot) async throws -> Void) async throws {
            try await RunningEarshot.with { earshot in
                try await TemporaryFolder.with { folder in
                    let speech = try await SpeechSynthesis.recording(minutes: minutes, in: folder)
                    let accepted = try await earshot.api.accept(speech.path)
                    _ = try await earshot.api.events(of: accepted.id) { $0.event == "segment" }
                    let before = try await earshot.api.transcription(accepted.id)
                    try #require(before.status == "processing")
                    let stored = try #require(before.segments)
                    try #require(!stored.isEmpty)

                    try await interrupt(earshot)
                    try await earshot.start()

                    let transcription = try await earshot.api.finished(accepted.id, within: .seconds(540))
                    #expect(transcription.status == "completed")
                    try expectWhole(transcription)
                    #expect(transcription.segments.map { Array($0.prefix(stored.count)) } == stored)
                    expectText(transcription.text, says: speech.text, errorRate: 0.15)
                    #expect(abs((transcription.durationSeconds ?? 0) - speech.seconds) < 0.1)
                    let page = try await earshot.api.transcriptions()
                    #expect(page.items.map(\.id) == [accepted.id])
                    #expect(try earshot.storedFiles().count == 1)
                }
            }
        }
    }
}
