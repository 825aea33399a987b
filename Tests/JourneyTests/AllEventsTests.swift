import Foundation
import TestSupport
import Testing

extension Journeys {
    /// Following all events.
    @Suite struct AllEventsTests {
        private struct Details: Decodable {
            let id: String
            let status: String?
            let progress: Double?
        }

        /// The events about one transcription.
        private func about(_ id: String, in events: [ServerSentEvent]) -> [ServerSentEvent] {
            events.filter { (try? $0.json(Details.self).id) == id }
        }

        private func events(
            _ query: String = "",
            after id: String? = nil,
            on server: HTTPServer,
            until isLast: (ServerSentEvent) -> Bool
        ) async throws -> [ServerSentEvent] {
            try await server.events("/api/v1/events" + query, after: id, until: isLast)
        }

        @Test("events are sent from the moment of the request", arguments: [false, true])
        func live(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let server = throughWebsite ? earshot.website.server : earshot.api.server
            let (ready, begin) = AsyncStream.makeStream(of: Void.self)
            async let followed = events(on: server) { event in
                if event.event == "ready" { begin.finish() }
                return event.event == "deleted"
            }
            for await _ in ready {}
            let made: EarshotAPI.Transcription = try await earshot.api.upload(Recordings.path("short-en-1.wav"), query: "?wait=120").json()
            #expect(try await earshot.api.delete(made.id).status == 204)
            let all = try await followed
            #expect(all.first?.event == "ready")
            let found = about(made.id, in: all)
            #expect(found.first?.event == "created")
            #expect(found.dropFirst().dropLast(2).allSatisfy { $0.event == "status" })
            #expect(found.suffix(2).map(\.event) == ["completed", "deleted"])
            #expect(try found.suffix(2).first?.json(Details.self).progress == 1)
            let ids = all.compactMap { $0.id.flatMap { Int($0) } }
            #expect(ids.count == all.count && ids == ids.sorted() && Set(ids).count == ids.count)
        }

        @Test("a client that reconnects gets exactly the events that it missed, and only the latest progress")
        func replay() async throws {
            let api = try SharedEarshot.running.api
            let before = try #require(try await events(on: api.server) { $0.event == "ready" }.last?.id)
            let made: EarshotAPI.Transcription = try await api.upload(Recordings.path("clip25-en.wav"), query: "?wait=120").json()
            let missed = about(made.id, in: try await events(after: before, on: api.server) { $0.event == "completed" })
            #expect(missed.map(\.event) == ["created", "status", "completed"])
            // Again, from the middle, with some kinds only.
            let rest = try await events(after: missed[1].id, on: api.server) { $0.event == "completed" }
            #expect(rest == [missed[2]])
            let some = try await events("?types=created,completed", after: before, on: api.server) { $0.event == "completed" }
            #expect(about(made.id, in: some).map(\.event) == ["created", "completed"])
        }

        @Test("a client with an event id of another time or server gets `reset`", arguments: ["9223372036854775807", "nonsense", "-7"])
        func reset(id: String) async throws {
            let api = try SharedEarshot.running.api
            _ = try await api.upload(Recordings.path("silence.wav"), query: "?wait=120")
            let found = try await events(after: id, on: api.server) { _ in true }
            #expect(found.map(\.event) == ["reset"])
            #expect(found.first?.id.flatMap { Int($0) } != nil)
        }

        @Test("a model's download is an event, too")
        func models() async throws {
            struct Download: Decodable {
                let name, status: String
                let progress: Double?
            }
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: "ggerganov/whisper.cpp/resolve/main/ggml-tiny-q8_0.bin")
                hub.manner.bytesPerSecond = 6_000_000
                try await RunningEarshot.with(environment: ["MODEL_HUB_URL": hub.address]) { earshot in
                    let server = earshot.api.server
                    let (ready, begin) = AsyncStream.makeStream(of: Void.self)
                    async let followed = events("?types=model", on: server) { event in
                        if event.event == "ready" { begin.finish() }
                        return (try? event.json(Download.self).status) == "done"
                    }
                    for await _ in ready {}
                    #expect(try await server.ask("POST", "/api/v1/models/tiny-q8_0/download").status == 202)
                    let found = try await followed.dropFirst()
                    #expect(found.allSatisfy { $0.event == "model" })
                    let downloads: [Download] = try found.map { try $0.json() }
                    #expect(downloads.allSatisfy { $0.name == "tiny-q8_0" })
                    let shares = downloads.compactMap(\.progress)
                    #expect(shares.count > 1 && shares == shares.sorted() && shares.last == 100)
                }
            }
        }

        @Test("kinds of events that do not exist are refused")
        func unknown() async throws {
            let answer = try await SharedEarshot.running.api.server.ask("GET", "/api/v1/events?types=created,rain")
            #expect(answer.status == 400)
            #expect(try answer.json(EarshotAPI.Refusal.self).code == "invalid_types")
        }
    }
}
