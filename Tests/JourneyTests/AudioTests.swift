import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// The uploaded file: playing, downloading and deleting it.
    @Suite struct AudioTests {
        @Test("the file is returned unchanged, whole or in the ranges that a player requests", arguments: [false, true])
        func ranges(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let server = throughWebsite ? earshot.website.server : earshot.api.server
            let bytes = try Recordings.path("short-en-1.wav").contents()
            let size = bytes.count
            let id = try await earshot.api.accept(Recordings.path("short-en-1.wav")).id
            let path = "/api/v1/transcriptions/\(id)/audio"

            let whole = try await server.ask("GET", path)
            #expect(whole.status == 200)
            #expect(whole.body == bytes)
            #expect(whole.headers["accept-ranges"] == "bytes")
            #expect(whole.headers["content-length"] == "\(size)")
            #expect(whole.headers["content-type"]?.hasPrefix("audio/") == true)

            let expected = [
                ("bytes=0-99", 0..<100), ("bytes=100-100", 100..<101), ("bytes=57000-", 57_000..<size), ("bytes=-100", (size - 100)..<size),
                ("bytes=0-99999999", 0..<size),
            ]
            for (range, part) in expected {
                let answer = try await server.ask("GET", path, headers: ["Range": range])
                #expect(answer.status == 206, "\(range)")
                #expect(answer.body == bytes[part], "\(range)")
                #expect(answer.headers["content-range"] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)")
            }
            for range in ["bytes=99999999-", "bytes=-0"] {
                let answer = try await server.ask("GET", path, headers: ["Range": range])
                #expect(answer.status == 416, "\(range)")
                #expect(answer.headers["content-range"] == "bytes */\(size)")
            }
        }

        @Test("deleting removes text, rows and file")
        func deletion() async throws {
            let earshot = try SharedEarshot.running
            let before = try (files: earshot.storedFiles(), total: await earshot.api.transcriptions().total)
            let recording = Recordings.named("short-es-2.wav")
            let accepted: EarshotAPI.Transcription = try await earshot.api.upload(recording.path, query: "?wait=120").json()
            #expect(try earshot.storedFiles().count == before.files.count + 1)

            #expect(try await earshot.api.delete(accepted.id).status == 204)
            for part in ["", "/audio", "/events", "/export?format=txt"] {
                let answer = try await earshot.api.server.ask("GET", "/api/v1/transcriptions/\(accepted.id)\(part)")
                #expect(answer.status == 404, "\(part)")
            }
            #expect(try await earshot.api.delete(accepted.id).status == 404)
            #expect(try await earshot.api.transcriptions().total == before.total)
            #expect(try earshot.storedFiles() == before.files)
        }

        @Test("a file that was uploaded twice is kept until both transcriptions are deleted")
        func sharedFile() async throws {
            let api = try SharedEarshot.running.api
            let recording = Recordings.named("short-es-3.wav")
            let first: EarshotAPI.Transcription = try await api.upload(recording.path, query: "?wait=120").json()
            let second: EarshotAPI.Transcription = try await api.upload(recording.path, query: "?wait=120").json()
            #expect(try await api.delete(first.id).status == 204)
            let audio = try await api.server.ask("GET", "/api/v1/transcriptions/\(second.id)/audio")
            #expect(audio.status == 200)
            #expect(try audio.body == recording.path.contents())
            #expect(try await api.transcription(second.id).text == second.text)
        }

        @Test("deleting a recording while it is transcribed stops that, and the next one is transcribed")
        func deletionWhileTranscribing() async throws {
            let earshot = try SharedEarshot.running
            try await TemporaryFolder.with { folder in
                let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                let files = try earshot.storedFiles()
                let accepted = try await earshot.api.accept(speech.path)
                _ = try await earshot.api.events(of: accepted.id) { $0.event == "segment" }
                #expect(try await earshot.api.delete(accepted.id).status == 204)
                try await eventually(within: .seconds(30)) { try earshot.storedFiles() == files }

                let recording = Recordings.named("short-en-3.wav")
                let next: EarshotAPI.Transcription = try await earshot.api.upload(recording.path, query: "?wait=120").json()
                #expect(next.text == recording.text)
            }
        }
    }
}
