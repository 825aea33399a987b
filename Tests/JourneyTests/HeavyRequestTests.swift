import Foundation
import TestSupport
import Testing

extension Journeys {
    @Suite("Requests about large texts")
    struct HeavyRequestTests {
        @Test("those beyond the limit are told when to come back, and light ones are answered meanwhile")
        func limit() async throws {
            try await RunningEarshot.with(environment: ["HEAVY_REQUESTS": "1", "HEAVY_REQUESTS_WAITING": "1"]) { earshot in
                let id = try await earshot.api.finished(earshot.api.accept(Recordings.named("short-en-1.wav").path).id).id
                let segments = (0..<10_000).map { "{\"start\":\($0),\"end\":\($0).9,\"text\":\"segment number \($0)\"}" }
                let body = Data("{\"revision\":0,\"segments\":[\(segments.joined(separator: ","))]}".utf8)
                // Without the contract, whose check of such an answer takes long.
                let server = HTTPServer(address: earshot.api.server.address)
                let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            let headers = ["Content-Type": "application/json"]
                            return try await server.ask("PATCH", "/api/v1/transcriptions/\(id)", headers: headers, body: body)
                        }
                    }
                    #expect(try await earshot.api.transcriptions().total == 1)
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.filter { $0.status == 200 }.count == 1)
                let refused = answers.filter { $0.status == 503 }
                #expect(refused.count + answers.filter { $0.status == 409 }.count == 7, "\(answers.map(\.status))")
                #expect(!refused.isEmpty)
                for answer in refused {
                    #expect(try answer.json(EarshotAPI.Refusal.self).code == "server_busy")
                    #expect(answer.headers["retry-after"].flatMap { Int($0) } ?? 0 > 0)
                }
                #expect(try await earshot.api.transcription(id).segments?.count == 10_000)
            }
        }
    }
}
