import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// The page that shows the API and lets one try it out.
    @Suite struct DocumentationTests {
        @Test("a recording is transcribed on the page, which also says how to do the same in a terminal")
        func tryOut() async throws {
            let recording = Recordings.named("short-en-1.wav")
            try await TemporaryFolder.with { folder in
                let name = "<img src=x onerror=document.title='owned'> it's.wav"
                let file = folder.appending(name)
                // Bytes after the sound make it another file, which no other test uploads.
                try file.write(recording.path.contents() + Data(name.utf8))
                try await WebDriver.with { browser in
                    try await open("createTranscription", in: browser)
                    try await browser.find("#createTranscription-body-file").type(file.string)
                    try await browser.find("#createTranscription-query-wait").type("120")
                    let command = try await browser.find("#createTranscription [data-command]").text()
                    try await browser.find("#createTranscription [type=submit]").click()
                    try await expectAnswer("201 Created", holding: recording.text, of: "createTranscription", in: browser)
                    try await expectAnswer("201 Created", holding: "<img src=x", of: "createTranscription", in: browser)
                    #expect(try await browser.findAll("#main img").isEmpty)
                    #expect(try await browser.title() == "API · Earshot")

                    let outcome = try await CommandLineProgram("bash", ["-c", command], folder: folder).succeed()
                    let transcription: EarshotAPI.Transcription = try HTTPAnswer(status: 201, body: Data(outcome.output.utf8)).json()
                    #expect(transcription.text == recording.text)
                    #expect(transcription.audioFileOriginalFilename == name)
                    #expect(try await browser.complaints() == [])
                }
            }
        }

        @Test("events are shown as they come, and a refusal with its reason")
        func answers() async throws {
            let api = try SharedEarshot.running.api
            let done = try await api.finished(api.accept(Recordings.path("short-en-1.wav")).id)
            try await WebDriver.with { browser in
                try await open("followTranscription", in: browser)
                try await browser.find("#followTranscription-path-id").type(done.id)
                try await browser.find("#followTranscription [type=submit]").click()
                try await expectAnswer("200 OK", holding: "event: done", of: "followTranscription", in: browser)

                // What was given once stands there again.
                try await open("cancelTranscription", in: browser)
                #expect(try await browser.find("#cancelTranscription-path-id").property("value") == .text(done.id))
                try await browser.find("#cancelTranscription [type=submit]").click()
                try await expectAnswer("409 Conflict", holding: "not_possible", of: "cancelTranscription", in: browser)
            }
        }

        @Test("a file can be saved under its own name")
        func file() async throws {
            let api = try SharedEarshot.running.api
            let done = try await api.finished(api.accept(Recordings.path("short-en-1.wav"), as: "Straße.wav").id)
            // The same sound, uploaded before under another name, keeps that.
            let name = try #require(done.audioFileOriginalFilename)
            try await WebDriver.with { browser in
                try await open("getRecording", in: browser)
                try await browser.find("#getRecording-path-id").type(done.id)
                try await browser.find("#getRecording [type=submit]").click()
                try await eventually { try await browser.find("#getRecording a[download]").attribute("download") == name }
                #expect(try await browser.complaints() == [])
            }
        }

        @Test("the contents can be filtered by words")
        func search() async throws {
            try await WebDriver.with { browser in
                try await browser.open(SharedEarshot.running.websiteAddress + "/docs")
                try await eventually { try await browser.find("#search").isShown() }
                try await browser.find("#search").type("delete model")
                let shown = """
                    return [...document.querySelectorAll('.contents a')].filter(a => a.offsetParent).map(a => a.textContent).join()
                    """
                let names = (try await browser.run(shown).text ?? "").split(separator: ",")
                #expect(names.contains("Delete a model"))
                #expect(!names.contains("Transcribe a recording"))
                #expect(try await browser.find("#deleteModel").isShown())
                #expect(try await !browser.find("#createTranscription").isShown())
            }
        }

        @Test("without JavaScript the page leads to the document, which the website has as well as the API")
        func withoutScripts() async throws {
            let earshot = try SharedEarshot.running
            let page = try await earshot.api.server.ask("GET", "/docs")
            #expect(page.text.contains("<a href=\"openapi.json\">"))
            #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
            let document = try await earshot.api.server.ask("GET", "/openapi.json")
            let passedOn = try await earshot.website.server.ask("GET", "/openapi.json")
            #expect(passedOn.status == 200)
            #expect(passedOn.body == document.body)
            #expect(try await earshot.api.server.ask("GET", "/docs/secrets.txt").status == 404)
        }

        @Test(
            "the page and the website serve the same colors, measures and scripts",
            arguments: ["tokens.css", "reset.css", "base.css", "html.js"]
        )
        func sharedFiles(name: String) async throws {
            let earshot = try SharedEarshot.running
            let file = try await earshot.api.server.ask("GET", "/docs/" + name)
            #expect(file.status == 200)
            let path = name.hasSuffix(".css") ? "styles/all.css" : "scripts/lib/" + name
            let asset = try await earshot.website.server.ask("GET", "/assets/any/" + path)
            #expect(!file.text.isEmpty)
            #expect(asset.text.contains(file.text))
        }

        /// Opens the page at an operation, which is then unfolded.
        private func open(_ operation: String, in browser: WebDriver) async throws {
            try await browser.open(SharedEarshot.running.api.server.address + "/docs#" + operation)
            try await eventually { try await browser.find("#\(operation) form").isShown() }
        }

        private func expectAnswer(_ status: String, holding text: String, of operation: String, in browser: WebDriver) async throws {
            try await eventually(within: .seconds(120)) {
                guard try await browser.find("#\(operation) [data-status]").text() == status else { return false }
                return try await browser.find("#\(operation) [data-body]").text().contains(text)
            }
        }
    }
}
