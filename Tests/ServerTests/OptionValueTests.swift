import Foundation
import Hummingbird
import Testing
import Transcripts

@testable import Server

struct OptionValueTests {
    private func date(_ text: String) throws -> Date? {
        let text = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return try OptionValues(query: Parameters(form: "at=\(text)")).date("at")
    }

    @Test(
        "dates of the years 0001 to 9999 are taken",
        arguments: ["0001-01-01", "9999-12-31", "2026-03-01T09:30:00Z", "2026-03-01T09:30:00.5+02:00"]
    )
    func dates(text: String) throws {
        #expect(try date(text) != nil)
    }

    @Test(
        "any other date is refused",
        arguments: [
            "0000-12-31", "10000-01-01", "292278-01-01T00:00:00Z", "-0001-01-01", "+12026-03-01", "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00", "yesterday", "2026",
        ]
    )
    func otherDates(text: String) {
        let error = #expect(throws: APIError.self) { try date(text) }
        #expect(error?.status == .badRequest)
        #expect(error?.code == "invalid_at")
    }

    @Test(
        "a speaker's channel is the number in the name, if it can be one",
        arguments: [
            ("Speaker 1", 0), ("Speaker 2", 1), ("Speaker 0", nil), ("Speaker -9223372036854775808", nil),
            ("Speaker 9223372036854775807", Int.max - 1), ("Speaker 9223372036854775808", nil), ("Ada", nil), (nil, nil),
        ]
    )
    func channels(speaker: String?, expected: Int?) {
        var segment = Segment(start: .zero, end: .zero, text: "")
        segment.speaker = speaker
        #expect(segment.channelNumber == expected)
    }
}
