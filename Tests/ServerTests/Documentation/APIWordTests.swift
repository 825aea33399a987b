import Archive
import TestSupport
import Testing
import Transcripts

/// The words that the description lists are those in the code.
struct APIWordTests {
    @Test("the states of a transcription")
    func states() throws {
        #expect(try words(at: "#/components/schemas/TranscriptionStatus") == TranscriptionState.allCases.map(\.rawValue).sorted())
    }

    @Test("the reasons of removals")
    func reasons() throws {
        #expect(try words(at: "#/components/schemas/Removal/properties/reason") == RemovalReason.allCases.map(\.rawValue).sorted())
    }

    @Test("the formats of exported files, and their media types")
    func formats() throws {
        #expect(try words(at: "#/components/parameters/Format/schema") == TranscriptFormat.allCases.map(\.rawValue).sorted())
        let content = try TestDocument.description().document.value(at: "#/components/responses/Export/content")?.object
        #expect(content?.keys.sorted() == TranscriptFormat.allCases.map { String($0.mediaType.prefix { $0 != ";" }) }.sorted())
    }

    @Test("an upload has the same options in its query, in a form and in JSON")
    func options() throws {
        let description = try TestDocument.description()
        let upload = try #require(description.operations.first { $0.description["operationId"] == .text("createTranscription") })
        let query = upload.parameters.filter { $0["in"] == .text("query") }.compactMap { $0["name"]?.text }
        func fields(of schema: String) -> Set<String>? {
            description.document.value(at: "#/components/schemas/\(schema)/properties")?.object.map { Set($0.keys) }
        }
        let options = try #require(fields(of: "TranscriptionOptions"))
        #expect(Set(query) == options.union(["filename"]))
        #expect(fields(of: "RecordingForm") == options.union(["file", "url"]))
        #expect(fields(of: "ImportedRecording") == options.union(["url"]))
    }

    private func words(at pointer: String) throws -> [String]? {
        try TestDocument.description().document.value(at: pointer)?["enum"]?.list?.compactMap(\.text).sorted()
    }
}
