import Foundation
import SystemPackage
import TestSupport
import Testing
import Transcripts

extension Journeys {
    /// Successful uploads over HTTP.
    @Suite struct UploadTests {
        @Test(
            "a client that waits gets the text of every container",
            arguments: Recordings.containers + [Recordings.named("short-en-1.wav")]
        )
        func containers(recording: Recording) async throws {
            let earshot = try SharedEarshot.running
            let answer = try await earshot.api.upload(recording.path, query: "?wait=120")
            #expect(answer.status == 201)
            let transcription: EarshotAPI.Transcription = try answer.json()
            #expect(answer.headers["location"] == "/api/v1/transcriptions/\(transcription.id)")
            #expect(transcription.status == "completed")
            #expect(transcription.text == recording.text)
            #expect(transcription.language == "en")
            #expect(transcription.audioFileOriginalFilename == recording.name)
            #expect(transcription.progress == 1)
            #expect(try await earshot.api.transcription(transcription.id).text == recording.text)
        }

        @Test("uploads work through the website, and with curl")
        func throughWebsite() async throws {
            let earshot = try SharedEarshot.running
            let recording = Recordings.named("short-en-1.m4a")
            let transcription: EarshotAPI.Transcription = try await earshot.website.upload(recording.path, query: "?wait=120").json()
            #expect(transcription.text == recording.text)

            let curl = try await CommandLineProgram(
                "curl",
                ["-sS", "-F", "file=@\(recording.path)", "-F", "wait=120", earshot.api.server.address + "/api/v1/transcriptions"]
            ).succeed()
            let answer = HTTPAnswer(status: 201, body: Data(curl.output.utf8))
            #expect(try answer.json(EarshotAPI.Transcription.self).text == recording.text)
        }

        @Test("a client that does not wait is answered at once and gets the text later")
        func withoutWaiting() async throws {
            let api = try SharedEarshot.running.api
            let recording = Recordings.named("clip25-de.wav")
            let accepted = try await api.accept(recording.path)
            #expect(["pending", "processing"].contains(accepted.status))
            let transcription = try await api.finished(accepted.id)
            #expect(transcription.status == "completed")
            #expect(transcription.language == "de")
            #expect(abs((transcription.durationSeconds ?? 0) - 25) < 0.1)
            expectText(transcription.text, says: recording.text, errorRate: 0.103)
            try expectWhole(transcription)
        }

        @Test("two simultaneous uploads both complete, each with its own text")
        func twoAtOnce() async throws {
            let api = try SharedEarshot.running.api
            let (one, two) = (Recordings.named("short-en-2.wav"), Recordings.named("short-de-8.wav"))
            let (first, second) = (try await api.accept(one.path), try await api.accept(two.path))
            #expect(first.id != second.id)
            #expect(try await api.finished(first.id).text == one.text)
            #expect(try await api.finished(second.id).text == two.text)
            #expect(try await api.transcriptions().items.prefix(2).map(\.id) == [second.id, first.id])
        }

        @Test("options take effect in the query and in the form, before the file and after it")
        func options() async throws {
            let api = try SharedEarshot.running.api
            let recording = Recordings.named("short-es-1.wav")
            let inQuery: EarshotAPI.Transcription = try await api.upload(recording.path, query: "?wait=120&language=Spanish").json()
            #expect(inQuery.requestedLanguage == "es")
            #expect(inQuery.text == recording.text)

            var form = MultipartForm()
            form.add("language", "es-MX")
            try form.addFile("file", filename: recording.name, recording.path.contents())
            form.add("task", "translate")
            form.add("wait", "120")
            form.add("duplicate", "true")
            let inForm: EarshotAPI.Transcription = try await api.post(form).json()
            #expect(inForm.requestedLanguage == "es")
            #expect(inForm.task == "translate")
            #expect(inForm.status == "completed")
            expectText(inForm.text, says: recording.translation ?? "", errorRate: 0.25)
        }

        @Test("a recording without speech completes without text", arguments: Recordings.speechless)
        func speechless(recording: Recording) async throws {
            let transcription: EarshotAPI.Transcription = try await SharedEarshot.running.api.upload(recording.path, query: "?wait=120")
                .json()
            #expect(transcription.status == "completed")
            #expect(transcription.text == "")
            #expect(transcription.segments == [])
        }

        @Test("a hostile file name is shown, and does no harm")
        func hostileName() async throws {
            let earshot = try SharedEarshot.running
            let name = "../../../\"evil\" <b>日本 ñ; 'x'\r\nSet-Cookie: a=b.wav"
            // No other test uploads this one: a known file keeps its first name.
            let transcription: EarshotAPI.Transcription = try await earshot.api
                .upload(Recordings.path("short-en-4.wav"), as: name, query: "?wait=120").json()
            #expect(transcription.status == "completed")
            let shown = try #require(transcription.audioFileOriginalFilename)
            #expect(shown.contains("日本 ñ"))
            #expect(!shown.contains("\n"))
            #expect(try earshot.storedFiles().allSatisfy { !$0.contains("evil") })

            let download = try await earshot.api.server.ask("GET", "/api/v1/transcriptions/\(transcription.id)/audio?download=true")
            #expect(download.status == 200)
            #expect(download.headers["content-disposition"]?.hasPrefix("attachment") == true)
            #expect(download.headers["set-cookie"] == nil)
            let export = try await earshot.api.server.ask("GET", "/api/v1/transcriptions/\(transcription.id)/export?format=srt")
            #expect(export.status == 200)
            #expect(export.headers["set-cookie"] == nil)
        }

        @Test("a transcript is exported in every format", arguments: TranscriptFormat.allCases)
        func export(format: TranscriptFormat) async throws {
            let api = try SharedEarshot.running.api
            let recording = Recordings.named("short-en-1.wav")
            let accepted: EarshotAPI.Transcription = try await api.upload(recording.path, query: "?wait=120").json()
            let file = try await api.server.ask("GET", "/api/v1/transcriptions/\(accepted.id)/export?format=\(format.rawValue)")
            #expect(file.status == 200)
            #expect(file.headers["content-type"] == format.mediaType)
            #expect(file.headers["content-disposition"]?.contains("short-en-1.\(format.fileExtension)") == true)
            #expect(file.text.contains(recording.text))
        }
    }
}
