import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Earshot is killed exactly between a change of a file and the change of the row that goes with it.
    @Suite struct CrashWindowTests {
        private static let recording = Recordings.named("short-en-1.wav")

        /// Kills Earshot at a place in the code while the request is made, and starts it again.
        private func killed(at place: String, _ earshot: RunningEarshot, during request: () async throws -> Void) async throws {
            _ = try await earshot.terminate()
            try await earshot.start(["EARSHOT_FAILPOINTS": "\(place)=kill"])
            await #expect(throws: (any Error).self) { try await request() }
            #expect(try await earshot.end() == .signalled(9))
            try await earshot.start()
        }

        @Test("an upload is there whole or not at all", arguments: ["accept.stored", "accept.committed"])
        func upload(place: String) async throws {
            try await RunningEarshot.with { earshot in
                try await killed(at: place, earshot) { _ = try await earshot.api.upload(Self.recording.path) }
                let page = try await earshot.api.transcriptions()
                #expect(page.total == (place == "accept.committed" ? 1 : 0))
                #expect(try earshot.storedFiles().count == page.total)
                for item in page.items { #expect(try await earshot.api.finished(item.id).text == Self.recording.text) }
                // What was never confirmed is set aside all the same.
                #expect(try earshot.lostFiles().count == 1 - page.total)
            }
        }

        @Test(
            "an upload in parts becomes a transcription, though its client does not come back",
            arguments: ["accept.stored", "accept.committed"]
        )
        func resumableUpload(place: String) async throws {
            try await RunningEarshot.with { earshot in
                let client = ResumableUploadClient(earshot.api.server)
                let bytes = try Self.recording.path.contents()
                var id = ""
                try await killed(at: place, earshot) {
                    id = try await client.create(length: bytes.count, metadata: ["filename": "talk.wav"])
                    _ = try await client.append(bytes, to: id, at: 0)
                }
                try await eventually { try await earshot.api.transcriptions().total == 1 }
                let item = try #require(try await earshot.api.transcriptions().items.first)
                #expect(item.name == "talk.wav")
                #expect(try await earshot.api.finished(item.id).text == Self.recording.text)
                let head = try await client.ask("HEAD", id)
                #expect(head.headers["upload-offset"] == "\(bytes.count)")
                #expect(head.headers["upload-transcription"] == item.id)
                #expect(try earshot.storedFiles().count == 1)
                #expect(try earshot.lostFiles().isEmpty)
            }
        }

        @Test("an import is there whole or not at all", arguments: ["accept.stored", "accept.committed"])
        func importedRecording(place: String) async throws {
            try await LocalHub.with { hub in
                hub.put(try Self.recording.path.contents(), at: "talk.wav")
                try await RunningEarshot.with(environment: ["IMPORT_URLS": "true", "IMPORT_ALLOW_PRIVATE": "127.0.0.1"]) { earshot in
                    let body = Data("{\"url\":\"\(hub.address)/talk.wav\"}".utf8)
                    try await killed(at: place, earshot) {
                        _ = try await earshot.api.server.ask(
                            "POST",
                            "/api/v1/transcriptions",
                            headers: ["Content-Type": "application/json"],
                            body: body
                        )
                    }
                    let page = try await earshot.api.transcriptions()
                    #expect(page.total == (place == "accept.committed" ? 1 : 0))
                    #expect(try earshot.storedFiles().count == page.total)
                    for item in page.items { #expect(try await earshot.api.finished(item.id).text == Self.recording.text) }
                }
            }
        }

        @Test("a deletion that was committed removes the file at the next start")
        func deletion() async throws {
            try await RunningEarshot.with { earshot in
                let accepted = try await earshot.api.accept(Self.recording.path)
                _ = try await earshot.api.finished(accepted.id)
                try await killed(at: "delete.committed", earshot) {
                    _ = try await earshot.api.server.ask("DELETE", "/api/v1/transcriptions/\(accepted.id)")
                }
                #expect(try await earshot.api.transcriptions().total == 0)
                #expect(try earshot.storedFiles().isEmpty)
                #expect(try earshot.lostFiles().isEmpty)
            }
        }

        @Test("a spool without its blocks, or of a finished recording, costs nothing", arguments: ["spool.flushed", "finish.committed"])
        func spool(place: String) async throws {
            try await RunningEarshot.with { earshot in
                _ = try await earshot.terminate()
                try await earshot.start(["EARSHOT_FAILPOINTS": "\(place)=kill"])
                _ = try await earshot.api.upload(Self.recording.path)
                // It is the worker that passes these places.
                try await eventually { earshot.output.contains("The worker process ended") }
                try await earshot.kill()
                try await earshot.start()
                let item = try #require(try await earshot.api.transcriptions().items.first)
                let transcription = try await earshot.api.finished(item.id)
                #expect(transcription.text == Self.recording.text)
                try await eventually { try earshot.spools().isEmpty }
            }
        }

        @Test("a model that was loaded down but not named yet is not loaded down again", arguments: ["model.complete", "model.kept"])
        func model(place: String) async throws {
            try await LocalHub.with { hub in
                let path = "ggerganov/whisper.cpp/resolve/main/ggml-tiny-q8_0.bin"
                hub.put(try RunningEarshot.demoModel.contents(), at: path)
                try await RunningEarshot.with(environment: ["MODEL_HUB_URL": hub.address]) { earshot in
                    _ = try await earshot.terminate()
                    try await earshot.start(["EARSHOT_FAILPOINTS": "\(place)=kill"])
                    _ = try? await earshot.api.upload(Self.recording.path, query: "?model=tiny-q8_0")
                    #expect(try await earshot.end(within: .seconds(60)) == .signalled(9))
                    try await earshot.start()
                    let item = try #require(try await earshot.api.transcriptions().items.first)
                    #expect(try await earshot.api.finished(item.id).text == Self.recording.text)
                    #expect(hub.requestsForBytes.count == 1)
                }
            }
        }
    }
}
