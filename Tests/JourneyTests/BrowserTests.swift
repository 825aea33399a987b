import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// The website in a real browser.
    @Suite struct BrowserTests {
        @Test("a file in any container, chosen on the page, becomes a transcript")
        func containers() async throws {
            try await WebDriver.with { browser in
                for recording in Recordings.containers {
                    try await upload(recording.path, in: browser)
                    try await waitUntilCompleted(browser)
                    #expect(try await transcript(in: browser) == recording.text, "\(recording)")
                }
                #expect(try await browser.complaints() == [])
            }
        }

        @Test("the transcript's segments have times, and the player plays the recording")
        func player() async throws {
            try await WebDriver.with { browser in
                let recording = Recordings.named("clip25-en.wav")
                try await upload(recording.path, in: browser)
                try await waitUntilCompleted(browser)
                expectText(try await transcript(in: browser), says: recording.text, errorRate: 0.01)
                var starts: [Double] = []
                for segment in try await browser.findAll("[data-transcript] [data-segment]") {
                    starts.append(try #require(try await segment.attribute("data-start").flatMap(Double.init)))
                }
                #expect(starts == starts.sorted())
                #expect(starts.first.map { abs($0 - 0.378) < 0.5 } == true)
                #expect(starts.last.map { (20...25).contains($0) } == true)

                try await eventually(within: .seconds(20)) {
                    try await browser.run("return document.querySelector('audio').duration").number.map { abs($0 - 25) < 0.1 } == true
                }
                try await keepScreenshot(of: browser, named: "recording")
                #expect(try await browser.complaints() == [])
            }
        }

        @Test("a long recording's text appears while the rest is still being transcribed")
        func live() async throws {
            try await TemporaryFolder.with { folder in
                let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                try await WebDriver.with { browser in
                    try await upload(speech.path, in: browser)
                    try await eventually(within: .seconds(60)) {
                        let script = """
                            return document.querySelectorAll('[data-segment]').length > 0
                                && document.querySelector('[data-status]').dataset.state == 'processing'
                            """
                        return try await browser.run(script) == .flag(true)
                    }
                    try await waitUntilCompleted(browser)
                    expectText(try await transcript(in: browser), says: speech.text, errorRate: 0.15)
                    // After a reload, the page shows the same text.
                    let live = try await transcript(in: browser)
                    try await browser.open(browser.address())
                    #expect(try await transcript(in: browser) == live)
                }
            }
        }

        @Test("a transcription is paused, resumed, canceled and retried with the buttons of its page, and keeps its text")
        func control() async throws {
            let recording = Recordings.named("long-en.wav")
            try await WebDriver.with { browser in
                try await upload(recording.path, in: browser)
                try await eventually { try await !browser.findAll("[data-segment]").isEmpty }
                try await press("pause", in: browser, leadingTo: "paused")
                try await keepScreenshot(of: browser, named: "paused")
                let text = try await transcript(in: browser)
                #expect(!text.isEmpty)
                try await press("resume", in: browser, leadingTo: "processing")
                try await press("cancel", in: browser, leadingTo: "cancelled")
                #expect(try await transcript(in: browser).hasPrefix(text))
                try await press("retry", in: browser, leadingTo: "completed")
                expectText(try await transcript(in: browser), says: recording.text, errorRate: 0.15)
                #expect(try await browser.complaints() == [])
            }
        }

        @Test("the speaker of each channel is shown before their text")
        func speakers() async throws {
            try await TemporaryFolder.with { folder in
                let (one, two) = (Recordings.named("short-en-1.wav"), Recordings.named("short-en-2.wav"))
                let call = try await OptionTests.call(one, two, in: folder)
                let accepted = try await SharedEarshot.running.api.accept(call, query: "?channels=separate&wait=120")
                try await WebDriver.with { browser in
                    try await browser.open(SharedEarshot.running.websiteAddress + "/transcriptions/" + accepted.id)
                    let script = "return [...document.querySelectorAll('.paragraph')].map(p => p.textContent.trim()).join(' | ')"
                    #expect(try await browser.run(script).text == "Speaker 1 \(one.text) | Speaker 2 \(two.text)")
                    try await keepScreenshot(of: browser, named: "speakers")
                }
            }
        }

        @Test("while the model of a transcription is downloaded, its page shows the progress, and then continues by itself")
        func modelDownload() async throws {
            let recording = Recordings.named("short-en-1.wav")
            try await LocalHub.with { hub in
                hub.put(try RunningEarshot.demoModel.contents(), at: "ggerganov/whisper.cpp/resolve/main/ggml-tiny-q8_0.bin")
                hub.order(.stall(after: 8_000_000))
                hub.manner.bytesPerSecond = 4_000_000
                try await RunningEarshot.with(environment: ["MODEL_HUB_URL": hub.address]) { earshot in
                    let accepted = try await earshot.api.accept(recording.path, query: "?model=tiny-q8_0")
                    try await WebDriver.with { browser in
                        try await browser.open(earshot.websiteAddress + "/transcriptions/" + accepted.id)
                        try await eventually {
                            let page = try await browser.run("return document.body.innerText").text ?? ""
                            return page.contains(/Downloading the model, [1-9]\d %/)
                        }
                        try await keepScreenshot(of: browser, named: "model-download")
                        let part = earshot.dataFolder.appending("models/ggml-tiny-q8_0.bin.part")
                        try await eventually { try part.contents().count >= 8_000_000 }
                        hub.release()
                        try await waitUntilCompleted(browser)
                        #expect(try await transcript(in: browser) == recording.text)
                        try await browser.open(earshot.websiteAddress + "/")
                        let option = try await browser.run("return document.querySelector('#model option[value=large-v3]').textContent")
                        #expect(option.text?.contains("will be downloaded") == true)
                        #expect(try await browser.complaints() == [])
                    }
                }
            }
        }

        @Test("a file without audio is refused on the page, with the reason")
        func refusal() async throws {
            try await TemporaryFolder.with { folder in
                let path = folder.appending("notes.mp3")
                try path.write(Data(String(repeating: "This is no sound. ", count: 100).utf8))
                try await WebDriver.with { browser in
                    let address = try SharedEarshot.running.websiteAddress
                    try await browser.open(address + "/")
                    try await browser.find("input[type=file]").type(path.string)
                    try await eventually(within: .seconds(20)) { try await browser.find("[role=alert], [data-error]").isShown() }
                    #expect(try await !browser.address().contains("/transcriptions/"))
                }
            }
        }

        @Test("a file's name is shown as text, even if it contains markup")
        func hostileName() async throws {
            try await TemporaryFolder.with { folder in
                let path = folder.appending("<img src=x onerror=document.title='owned'> & \"é\".wav")
                // Bytes after the sound make it another file: a known one would keep its first name.
                try path.write(Recordings.path("short-en-1.wav").contents() + Data("note\u{4}\0\0\0only".utf8))
                try await WebDriver.with { browser in
                    try await upload(path, in: browser)
                    try await waitUntilCompleted(browser)
                    #expect(try await browser.title() != "owned")
                    #expect(try await browser.findAll("main img").isEmpty)
                    #expect(try await browser.run("return document.body.innerText").text?.contains("<img src=x") == true)
                    try await browser.open(SharedEarshot.running.websiteAddress + "/library")
                    #expect(try await browser.findAll("main img").isEmpty)
                    #expect(try await browser.run("return document.body.innerText").text?.contains("<img src=x") == true)
                }
            }
        }

        @Test("without JavaScript, the form leads to the transcription's page, which shows the text")
        func withoutScripts() async throws {
            let earshot = try SharedEarshot.running
            let recording = Recordings.named("short-en-1.ogg")
            try await earshot.api.forget(recording.name)
            var form = MultipartForm()
            form.add("language", "")
            try form.addFile("file", filename: recording.name, recording.path.contents())
            let landing = try await earshot.website.server.ask(
                "POST",
                "/upload",
                headers: ["Content-Type": form.contentType],
                body: form.data
            )
            #expect(landing.status == 200)
            #expect(landing.text.contains("data-transcript"))
            let newest = try #require(try await earshot.api.transcriptions().items.first)
            _ = try await earshot.api.finished(newest.id)
            let page = try await earshot.website.server.ask("GET", "/transcriptions/\(newest.id)")
            #expect(page.text.contains(recording.text))
        }

        /// Chooses a file on the start page and opens the transcription's page.
        private func upload(_ path: FilePath, in browser: WebDriver) async throws {
            // The transcription of an earlier test would be returned at once.
            try await SharedEarshot.running.api.forget(path.lastComponent?.string ?? "")
            try await browser.open(SharedEarshot.running.websiteAddress + "/")
            try await keepScreenshot(of: browser, named: "upload")
            try await browser.find("input[type=file]").type(path.string)
            try await eventually(within: .seconds(60)) {
                if try await browser.address().contains("/transcriptions/") { return true }
                try await browser.find("[data-uploads] a[href*='/transcriptions/']").click()
                return false
            }
        }

        /// Presses a button of the recording's page and waits for the resulting state.
        private func press(_ action: String, in browser: WebDriver, leadingTo state: String) async throws {
            try await browser.find("form[action$='/do/\(action)'] button").click()
            try await eventually(within: .seconds(120)) {
                try await browser.find("[data-status]").attribute("data-state") == state
            }
        }

        private func waitUntilCompleted(_ browser: WebDriver) async throws {
            try await eventually(within: .seconds(300)) {
                try await browser.find("[data-status]").attribute("data-state") == "completed"
            }
        }

        private func transcript(in browser: WebDriver) async throws -> String {
            let script =
                "return [...document.querySelectorAll('[data-transcript] [data-segment]')].map(s => s.textContent.trim()).join(' ')"
            return try await browser.run(script).text ?? ""
        }

        /// Stores a screenshot if EARSHOT_TEST_SCREENSHOTS names a folder.
        private func keepScreenshot(of browser: WebDriver, named name: String) async throws {
            guard let folder = ProcessInfo.processInfo.environment["EARSHOT_TEST_SCREENSHOTS"] else { return }
            try await FilePath(folder).appending("\(name).png").write(browser.screenshot())
        }
    }
}
