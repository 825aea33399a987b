import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Canceling, pausing, resuming, retrying, and the order of the queue.
    @Suite struct ControlTests {
        @Test("canceling takes effect at once and keeps the text so far; a retry continues from there")
        func cancelAndRetry() async throws {
            let api = try SharedEarshot.running.api
            let recording = Recordings.named("long-en.wav")
            let accepted = try await api.accept(recording.path)
            _ = try await api.events(of: accepted.id) { $0.event == "segment" }
            let cancelled = try await api.control(accepted.id, "cancel")
            #expect(cancelled.status == "cancelled")
            let kept = try #require(cancelled.segments)
            #expect(!kept.isEmpty)
            let refused = try await api.server.ask("POST", "/api/v1/transcriptions/\(accepted.id)/pause")
            #expect(refused.status == 409)
            #expect(try refused.json(EarshotAPI.Refusal.self).code == "not_possible")
            // The stream of a finished transcription ends by itself, and no late segment has arrived.
            let after = try await api.finished(accepted.id)
            #expect(after.segments == kept)
            #expect(try SharedEarshot.running.spools().isEmpty)

            #expect(try await api.control(accepted.id, "retry").status == "pending")
            let done = try await api.finished(accepted.id)
            #expect(done.status == "completed")
            #expect(done.segments.map { Array($0.prefix(kept.count)) } == kept)
            try expectWhole(done)
            expectText(done.text, says: recording.text, errorRate: 0.15)
        }

        @Test("a paused transcription makes no progress until it is resumed, and then completes")
        func pauseAndResume() async throws {
            let earshot = try SharedEarshot.running
            let recording = Recordings.named("clip25-es.wav")
            let accepted = try await earshot.api.accept(Recordings.path("long-en.wav"))
            #expect(try await earshot.api.control(accepted.id, "pause").status == "paused")
            // Another recording completes meanwhile: the paused one does not block it.
            let other = try await earshot.api.finished(earshot.api.accept(recording.path).id)
            expectText(other.text, says: recording.text, errorRate: 0.2)
            let paused = try await earshot.api.transcription(accepted.id)
            #expect(paused.status == "paused")
            #expect(try await earshot.website.control(accepted.id, "resume").status == "pending")
            let done = try await earshot.api.finished(accepted.id)
            #expect(done.status == "completed")
            try expectWhole(done)
        }

        @Test("a short clip overtakes a long recording")
        func overtaking() async throws {
            let api = try SharedEarshot.running.api
            try await TemporaryFolder.with { folder in
                let speech = try await SpeechSynthesis.recording(minutes: 10, in: folder)
                let long = try await api.accept(speech.path)
                _ = try await api.events(of: long.id) { $0.event == "segment" }
                let short = try await api.finished(api.accept(Recordings.path("short-en-1.wav")).id)
                #expect(short.text == Recordings.named("short-en-1.wav").text)
                #expect(try await api.transcription(long.id).status == "processing")
                #expect(try await api.delete(long.id).status == 204)
            }
        }

        @Test("an action on a transcription that does not exist is a 404", arguments: ["cancel", "pause", "resume", "retry"])
        func unknown(action: String) async throws {
            let answer = try await SharedEarshot.running.api.server.ask("POST", "/api/v1/transcriptions/\(UUID())/\(action)")
            #expect(answer.status == 404)
            #expect(try answer.json(EarshotAPI.Refusal.self).code == "transcription_not_found")
        }
    }
}
