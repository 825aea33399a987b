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

    @Test("anything else is rejected", arguments: ["filename talk.mp3", "filename /w==", "a YQ== b", "language Z"])
    func malformed(header: String) {
        #expect(throws: APIError.self) { try UploadMetadata(header) }
    }
}
