import Foundation
import Testing

@testable import Server

struct JSONFieldsTests {
    @Test("members become form fields")
    func values() throws {
        let json = #"{"url": "https://a", "n": 3, "x": 0.5, "yes": true, "no": false, "none": null, "list": ["en", "de", 1]}"#
        let fields = try JSONFields(Data(json.utf8)).values
        #expect(
            fields == ["url": ["https://a"], "n": ["3"], "x": ["0.5"], "yes": ["true"], "no": ["false"], "list": ["en,de,1"]]
        )
    }

    @Test("anything but a flat object is rejected", arguments: ["", "[]", "1", "{\"a\": {}}", "{\"a\": [[1]]}", "{\"a\": 1", "null"])
    func malformed(json: String) {
        #expect(throws: APIError.self) { try JSONFields(Data(json.utf8)) }
    }
}
