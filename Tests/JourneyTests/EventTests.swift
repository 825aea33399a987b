import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Following a transcription while it is made.
    @Suite struct EventTests {
        @Test("the text of every container arrives segment by segment", arguments: Recordings.containers)
        func containers(recording: Recording) async throws {
            let api = try SharedEarshot.running.api
            let accepted = try await api.accept(recording.path)
            let events = try await api.events(of: accepted.id)
            let segments = try segments(in: events)
            #expect(segments.map(\.text).joined(separator: " ") == recording.text)
            let last = try #require(events.last)
            #expect(last.event == "done")
            let done: EarshotAPI.Transcription = try last.json()
            #expect(done.id == accepted.id)
            #expect(done.status == "completed")
        }

        @Test("progress grows from 0 to 1, and each segment comes once, in order", arguments: [false, true])
        func order(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let api = throughWebsite ? earshot.website : earshot.api
            let recording = Recordings.named("long-en.wav")
            let accepted = try await api.accept(recording.path)
            let events = try await api.events(of: accepted.id)
            let statuses = try events.filter { $0.event == "status" }.map { try $0.json(Status.self) }
            #expect(statuses.count > 2)
            #expect(statuses.map(\.progress) == statuses.map(\.progress).sorted())
            #expect(statuses.allSatisfy { (0...1).contains($0.progress) })
            #expect(statuses.last?.status == "completed")
            let segments = try segments(in: events)
            #expect(segments.map(\.id) == Array(segments.indices))
            #expect(segments == (try await api.transcription(accepted.id)).segments)
        }

        @Test("a client that was disconnected gets only what it missed; one that connects late gets everything")
        func resume() async throws {
            let api = try SharedEarshot.running.api
            let accepted: EarshotAPI.Transcription = try await api.upload(Recordings.path("clip25-en.wav"), query: "?wait=120").json()
            let all = try await api.events(of: accepted.id)
            let segments = all.filter { $0.event == "segment" }
            try #require(segments.count > 1)
            #expect(all.allSatisfy { $0.id != nil })
            // Whatever event was the last: the stream resumes after it.
            for (index, last) in all.dropLast().enumerated() {
                #expect(try await api.events(of: accepted.id, after: last.id) == Array(all.dropFirst(index + 1)))
            }
            let answer = try await api.server.ask(
                "GET",
                "/api/v1/transcriptions/\(accepted.id)/events",
                headers: ["Last-Event-ID": all.last?.id ?? ""]
            )
            #expect(answer.status == 204)
        }

        @Test("the estimate of the time left is off by less than a third of the whole on average")
        func timeLeft() async throws {
            let api = try SharedEarshot.running.api
            let recording = Recordings.named("long-en.wav")
            // The estimate depends on earlier blocks.
            _ = try await api.finished(api.accept(recording.path).id)
            let clock = ContinuousClock()
            let began = clock.now
            let accepted = try await api.accept(recording.path)
            var estimates: [(at: Duration, left: Double)] = []
            _ = try await api.events(of: accepted.id) { event in
                if event.event == "status", let left = (try? event.json(Status.self))?.estimatedSecondsLeft {
                    estimates.append((clock.now - began, left))
                }
                return event.event == "done"
            }
            let whole = clock.now - began
            #expect(estimates.count > 3)
            let errors = estimates.map { abs($0.left - (whole - $0.at) / .seconds(1)) }
            let mean = errors.reduce(0, +) / Double(max(1, errors.count))
            #expect(mean <= whole / .seconds(1) / 3, "\(estimates) of \(whole)")
        }

        @Test("events of a transcription that does not exist are a 404")
        func unknown() async throws {
            let answer = try await SharedEarshot.running.api.server.ask("GET", "/api/v1/transcriptions/\(UUID())/events")
            #expect(answer.status == 404)
            #expect(try answer.json(EarshotAPI.Refusal.self).code == "transcription_not_found")
        }

        private struct Status: Decodable {
            let status: String
            let progress: Double
            let estimatedSecondsLeft: Double?
        }

        private func segments(in events: [ServerSentEvent]) throws -> [EarshotAPI.Transcription.Segment] {
            try events.filter { $0.event == "segment" }.map { try $0.json() }
        }
    }
}
