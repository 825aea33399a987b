import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import Transcripts

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
        let page = try await transcriptionPage(model: "demo")
        let facts = try #require(page.firstMatch(of: #/<p class="facts"[\s\S]*?</p>/#)).0
        #expect(facts.contains("title=\"It knows only computer-made speech. For people's voices, install a real model.\">Demo model<"))
        #expect(page.contains("data-model-note>The demo model knows only computer-made speech."))
        #expect(page.contains("<dt>Model</dt><dd>Demo model</dd>"))
    }

    @Test("a transcript of a real model names it in the details")
    func realModel() async throws {
        let page = try await transcriptionPage(model: "large-v3")
        #expect(!page.contains(">Demo model<"))
        #expect(page.contains("data-model-note hidden>"))
        #expect(page.contains("<dt>Model</dt><dd>Large v3</dd>"))
    }

    @Test("a deleted model is shown by its code, and the demo model is known without the list")
    func unlistedModel() async throws {
        #expect(try await transcriptionPage(model: "old-base").contains("<dt>Model</dt><dd>old-base</dd>"))
        #expect(try await transcriptionPage(model: "demo", models: nil).contains(">Demo model</span>"))
    }

    @Test("names and texts can't become markup")
    func escaping() async throws {
        let page = try await transcriptionPage(fileName: "<b>x</b>.mp3", text: "<script>alert('&')</script>")
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
            #expect(page.contains("href=\"/transcriptions/abc\""))
            let chosen = page.matches(of: #/<option value="([^"]*)"[^>]* selected/#).map { String($0.1) }
            #expect(chosen == ["large-v3"])
            #expect(page.contains("<option value=\"yue\""))
        }
    }

    @Test("the former address of a transcription, which bookmarks hold, leads to its page for good")
    func formerAddress() async throws {
        try await withWebsite { _ in
        } _: { visitor in
            let answer = try await visitor.ask("/recordings/abc")
            #expect(answer.status == 301)
            #expect(answer["Location"] == "/transcriptions/abc")
        }
    }

    @Test("live segments are grouped and joined in the browser by the rule of the transcripts")
    func paragraphs() async throws {
        let folder = try await WebFolderSource(root: nil).current()
        let asset = try #require(folder.assets["scripts/logic/paragraphs.js"])
        let script = String(buffer: asset.bytes)
        for part in [">= 1.5 || ", "length >= 900", "length >= 380", "\".?!…。？！؟।\""] {
            #expect(script.contains(part), "\(part)")
        }
        for language in Language.all {
            #expect(script.contains("\"\(language.code)\"") == language.wordSeparator.isEmpty, "\(language.code)")
        }
    }

    @Test("a transcription that does not exist has a page that says so")
    func missing() async throws {
        try await withWebsite { _ in
        } _: { visitor in
            let answer = try await visitor.ask("/transcriptions/nothing")
            #expect(answer.status == 404)
            #expect(answer.text.contains("Page not found"))
        }
    }

    private func transcriptionPage(
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
            page = try await visitor.ask("/transcriptions/abc").text
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
