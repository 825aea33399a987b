import Archive
import Foundation
import Testing
import Transcripts

@testable import Server

/// How answers are written as JSON.
struct JSONTests {
    private struct Answer: Encodable {
        let audioFileID = 1
        let sizeMB = 2
        let left: Int?
        @Null var written: Int?
        let byModel: [String: [String: Int]]
    }

    @Test("fields are in snake case, null only where they are declared so, and the keys of dictionaries stay as they are")
    func fields() throws {
        let answer = Answer(left: nil, written: nil, byModel: ["largeV3": ["aB": 1], "my-Model_x": [:]])
        #expect(
            try JSONEncoder.apiText(of: answer)
                == #"{"audio_file_id":1,"by_model":{"largeV3":{"aB":1},"my-Model_x":{}},"size_mb":2,"written":null}"#
        )
        let other = Answer(left: 1, written: 2, byModel: [:])
        #expect(try JSONEncoder.apiText(of: other) == #"{"audio_file_id":1,"by_model":{},"left":1,"size_mb":2,"written":2}"#)
    }

    @Test("statistics name models as they are called")
    func models() throws {
        var statistics = LibraryStatistics()
        statistics.audioByModel = ["largeV3_myOwn": Timestamp(seconds: 3600)]
        let text = try JSONEncoder.apiText(of: StatisticsResource(statistics))
        #expect(text.contains(#""audio_hours_by_model":{"largeV3_myOwn":1}"#))
        #expect(text.contains(#""real_time_factor":null"#))
    }
}
