import HTTPTypes
import Hummingbird
import Testing

@testable import Website

struct PageTests {
    private static let models = """
        {"models": [
            {"code": "large-v3", "name": "Large v3", "is_cached": true, "is_demo": false, "is_default": true, "size_bytes": 3095033483},
            {"code": "demo", "name": "Demo model", "is_cached": true, "is_demo": true}
        ]}
        """

    @Test("a transcript of the demo model says so, and that real speech needs a real model")
    func demo() async throws {
        let page = try await recordingPage(model: "demo")
        let facts = try #require(page.firstMatch(of: #/<p class="facts"[\s\S]*?</p>/#)).0
        #expect(facts.contains("title=\"It knows only computer-made speech. For people's voices, install a real model.\">Demo model<"))
        #expect(page.contains("data-model-note>The demo model knows only computer-made speech."))
        #expect(page.contains("<dt>Model</dt><dd>Demo model</dd>"))
    }

    @Test("a transcript of a real model names it in the details")
    func realModel() async throws {
        let page = try await recordingPage(model: "large-v3")
        #expect(!page.contains(">Demo model<"))
        #expect(page.contains("data-model-note hidden>"))
        #expect(page.contains("<dt>Model</dt><dd>Large v3</dd>"))
    }

    @Test("a model that is gone is called by its code, and the demo model is known without the list")
    func unlistedModel() async throws {
        #expect(try await recordingPage(model: "old-base").contains("<dt>Model</dt><dd>old-base</dd>"))
        #expect(try await recordingPage(model: "demo", models: nil).contains(">Demo model</span>"))
    }

    @Test("what people and files say can't become markup")
    func escaping() async throws {
        let page = try await recordingPage(fileName: "<b>x</b>.mp3", text: "<script>alert('&')</script>")
        #expect(page.contains("&lt;b&gt;x&lt;/b&gt;.mp3"))
        #expect(page.contains("&lt;script&gt;alert("))
        #expect(!page.contains("<b>x"))
        #expect(!page.contains("<script>"))
    }

    @Test("the first page offers the models and the languages, and lists what is recent")
    func firstPage() async throws {
        try await withWebsite { router in
            router.get("/api/v1/models/available") { _, _ in json(Self.models) }
            router.get("/api/v1/transcriptions") { _, _ in json("{\"items\": [\(transcription(model: "demo"))], \"total\": 1}") }
        } _: { visitor in
            let page = try await visitor.ask("/").text
            #expect(page.contains(">Recent</h2>"))
            #expect(page.contains("href=\"/recordings/abc\""))
            let chosen = page.matches(of: #/<option value="([^"]*)"[^>]* selected/#).map { String($0.1) }
            #expect(chosen == ["large-v3"])
            #expect(page.contains("<option value=\"yue\""))
        }
    }

    @Test("a recording that is not there has a page that says so")
    func missing() async throws {
        try await withWebsite { _ in
        } _: { visitor in
            let answer = try await visitor.ask("/recordings/nothing")
            #expect(answer.status == 404)
            #expect(answer.text.contains("There is nothing here"))
        }
    }

    private func recordingPage(
        model: String = "large-v3",
        models: String? = PageTests.models,
        fileName: String = "talk.mp3",
        text: String = "Hello."
    ) async throws -> String {
        var page = ""
        try await withWebsite { router in
            if let models { router.get("/api/v1/models/available") { _, _ in json(models) } }
            let resource = transcription(model: model, fileName: fileName, text: text)
            router.get("/api/v1/transcriptions/abc") { _, _ in json(resource) }
        } _: { visitor in
            page = try await visitor.ask("/recordings/abc").text
        }
        return page
    }

    private func transcription(model: String, fileName: String = "talk.mp3", text: String = "Hello.") -> String {
        """
        {"id": "abc", "status": "completed", "text": "\(text)", "language": "en", "duration_seconds": 2.5, "model": "\(model)",
        "created_at": "2025-11-22T16:30:05Z", "audio_file_original_filename": "\(fileName)", "task": "transcribe", "progress": 1,
        "segments": [{"id": 0, "start": 0, "end": 2.5, "text": "\(text)"}]}
        """
    }
}
