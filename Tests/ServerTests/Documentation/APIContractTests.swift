import Foundation
import TestSupport
import Testing

/// The check of every answer in the journeys against the description finds what is not described.
struct APIContractTests {
    private let health = #"{"status": "healthy", "message": "Earshot is ready", "database": "connected", "checks": []}"#

    @Test("an answer that matches its description has no faults")
    func right() throws {
        #expect(try faults(health) == [])
        let refusal = #"{"detail": "No.", "error_type": "invalid_request_error", "code": "transcription_not_found"}"#
        #expect(try faults(refusal, status: 404, path: "/api/v1/transcriptions/1/export?format=srt") == [])
        #expect(try faults("…", type: "text/vtt; charset=utf-8", path: "/api/v1/transcriptions/1/export") == [])
    }

    @Test(
        "a field too many or too few, of another type or with another word, is a fault",
        arguments: [
            (#""database": "connected""#, #""database": "connected", "extra": 1"#, "$.extra"),
            (#""message": "Earshot is ready", "#, "", "$.message"),
            (#""Earshot is ready""#, "5", "$.message"),
            (#""healthy""#, #""so-so""#, "$.status"),
        ]
    )
    func wrong(part: String, change: String, place: String) throws {
        let faults = try faults(health.replacing(part, with: change))
        #expect(faults.count == 1 && faults[0].hasPrefix(place), "\(faults)")
    }

    @Test("an undescribed status, media type, reason, parameter or path is a fault")
    func undescribed() throws {
        let refusal = #"{"detail": "No.", "error_type": "invalid_request_error", "code": "whatever"}"#
        #expect(try faults(health, status: 418).count == 1)
        #expect(try faults(health, type: "text/html").count == 1)
        #expect(try faults(refusal, status: 404, path: "/api/v1/transcriptions/1").count == 1)
        #expect(try faults(health, path: "/api/v1/health?verbose=1").count == 1)
        #expect(try faults(health, path: "/api/v1/wealth").count == 1)
        #expect(try faults(refusal, status: 404, path: "/api/v1/wealth") == [])
    }

    @Test("an event of another name or with another field is a fault")
    func events() throws {
        let description = try TestDocument.description()
        func isFaulty(_ event: ServerSentEvent) -> Bool {
            !description.faults(of: event, from: "/api/v1/transcriptions/1/events").isEmpty
        }
        #expect(!isFaulty(ServerSentEvent(event: "deleted", data: #"{"id": "6fa459ea-ee8a-4ca4-894e-db77e160355e"}"#)))
        #expect(isFaulty(ServerSentEvent(event: "deleted", data: #"{"id": "1"}"#)))
        #expect(isFaulty(ServerSentEvent(event: "vanished", data: "{}")))
    }

    @Test("an unknown rule of a schema is a fault")
    func unknownRule() throws {
        #expect(JSONSchema(.object(["multipleOf": .number(2)]), in: .null).faults(of: .number(2)).count == 1)
    }

    private func faults(
        _ body: String,
        status: Int = 200,
        type: String = "application/json; charset=utf-8",
        path: String = "/api/v1/health"
    ) throws -> [String] {
        let answer = HTTPAnswer(status: status, headers: ["content-type": type], body: Data(body.utf8))
        return try TestDocument.description().faults(of: answer, to: "GET", path)
    }
}
