import Foundation
import Testing

@testable import Audio

@Suite("What containers state of their length")
struct StatedLengthTests {
    private func duration(_ text: String) throws -> Int? {
        let stream = #"{"codec_type": "audio", "duration": "\#(text)"}"#
        let report = try JSONDecoder().decode(ProbeReport.self, from: Data("{\"streams\": [\(stream)]}".utf8))
        return try #require(AudioDescription(report)).duration
    }

    @Test("a length is taken up to 100 days", arguments: [("0", 0), ("1.8005", 1801), ("8640000", 8_640_000_000)])
    func believed(text: String, expected: Int) throws {
        #expect(try duration(text) == expected)
    }

    @Test(
        "what no recording has counts as unknown",
        arguments: ["-1", "-0.001", "8640001", "9223372036854.775", "1e15", "1e300", "1e999", "nan", "-inf"]
    )
    func refused(text: String) throws {
        #expect(try duration(text) == nil)
    }
}
