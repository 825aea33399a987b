import Foundation
import Testing

@testable import Server

struct UploadMetadataTests {
    @Test("keys with their values in Base64 are read")
    func values() throws {
        let metadata = try UploadMetadata("filename w5xidW5nLm1wMw==,language ZW4=, is_confidential,filetype YXVkaW8vbXBlZw==")
        #expect(metadata.filename == "Übung.mp3")
        #expect(metadata.mediaType == "audio/mpeg")
        #expect(metadata.fields["language"] == ["en"])
        #expect(metadata.fields["is_confidential"] == [""])
        #expect(try UploadMetadata("").values.isEmpty)
    }

    @Test("anything else is refused", arguments: ["filename talk.mp3", "filename /w==", "a YQ== b", "language Z"])
    func malformed(header: String) {
        #expect(throws: APIError.self) { try UploadMetadata(header) }
    }
}

struct JSONFieldsTests {
    @Test("members are read as a form would have them")
    func values() throws {
        let json = #"{"url": "https://a", "n": 3, "x": 0.5, "yes": true, "no": false, "none": null, "list": ["en", "de", 1]}"#
        let fields = try JSONFields(Data(json.utf8)).values
        #expect(
            fields == ["url": ["https://a"], "n": ["3"], "x": ["0.5"], "yes": ["true"], "no": ["false"], "list": ["en,de,1"]]
        )
    }

    @Test("what is no flat object is refused", arguments: ["", "[]", "1", "{\"a\": {}}", "{\"a\": [[1]]}", "{\"a\": 1", "null"])
    func malformed(json: String) {
        #expect(throws: APIError.self) { try JSONFields(Data(json.utf8)) }
    }
}
