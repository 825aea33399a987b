import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Uploads in several requests that are interrupted.
    @Suite struct ResumableInterruptionTests {
        private static let recording = Recordings.named("short-en-1.wav")

        @Test("an upload resumes after Earshot was killed during it, and is transcribed once")
        func killed() async throws {
            try await RunningEarshot.with { earshot in
                let client = ResumableUploadClient(earshot.api.server)
                let bytes = try Self.recording.path.contents()
                let id = try await client.create(length: bytes.count, metadata: ["filename": "talk.wav"])
                let (gate, closing) = AsyncStream<Void>.makeStream()
                async let cut: Void = client.append(bytes.prefix(30_000), to: id, at: 0, declaring: bytes.count, until: gate)
                try await eventually { try await client.offset(of: id) == 30_000 }
                try await earshot.kill()
                closing.finish()
                _ = try? await cut

                try await earshot.start()
                #expect(try await client.offset(of: id) == 30_000)
                let last = try await client.append(bytes.dropFirst(30_000), to: id, at: 30_000)
                #expect(last.status == 204)
                let transcription = try await earshot.api.finished(try #require(last.headers["upload-transcription"]))
                #expect(transcription.text == Self.recording.text)
                #expect(try await earshot.api.transcriptions().total == 1)
                #expect(try earshot.storedFiles().count == 1)
            }
        }

        @Test("an upload that was complete when Earshot was killed becomes a transcription at the next request for it")
        func killedBeforeAcceptance() async throws {
            try await RunningEarshot.with { earshot in
                let client = ResumableUploadClient(earshot.api.server)
                let bytes = try Self.recording.path.contents()
                let id = try await client.create(length: bytes.count)
                _ = try await client.append(bytes.dropLast(), to: id, at: 0)
                try await earshot.kill()
                // The last write of the killed process.
                try earshot.dataFolder.appending("uploads/\(id).part").write(bytes)
                try await earshot.start()
                let head = try await client.ask("HEAD", id)
                #expect(head.headers["upload-offset"] == "\(bytes.count)")
                // Earshot accepts it by itself, too, and may be at it just now.
                var found: String?
                try await eventually {
                    found = try await client.ask("HEAD", id).headers["upload-transcription"]
                    return found != nil
                }
                let transcription = try #require(found)
                #expect(try await client.ask("HEAD", id).headers["upload-transcription"] == transcription)
                #expect(try await earshot.api.finished(transcription).text == Self.recording.text)
                #expect(try await earshot.api.transcriptions().total == 1)
            }
        }

        @Test("two requests can't send bytes at once; a stalled one does not block the other for long")
        func twoAtOnce() async throws {
            try await RunningEarshot.with(environment: ["UPLOAD_STALL_SECONDS": "2", "MAX_FILE_SIZE_MB": "1"]) { earshot in
                let client = ResumableUploadClient(earshot.api.server)
                let bytes = try Self.recording.path.contents()
                let id = try await client.create(length: bytes.count)
                let (gate, closing) = AsyncStream<Void>.makeStream()
                async let silent: Void = client.append(bytes.prefix(1000), to: id, at: 0, declaring: bytes.count, until: gate)
                try await eventually { try await client.offset(of: id) == 1000 }
                try expect(await client.append(bytes.dropFirst(1000), to: id, at: 1000), 423, "upload_in_use")
                try expect(await client.ask("DELETE", id), 423, "upload_in_use")

                var last: HTTPAnswer?
                try await eventually {
                    last = try await client.append(bytes.dropFirst(1000), to: id, at: 1000)
                    return last?.status == 204
                }
                closing.finish()
                _ = try? await silent
                let transcription = try #require(last?.headers["upload-transcription"])
                #expect(try await earshot.api.finished(transcription).text == Self.recording.text)

                #expect(try await client.ask("OPTIONS").headers["tus-max-size"] == "1000000")
                try expect(await client.ask("POST", nil, ["Upload-Length": "1000001"]), 413, "file_too_large")
            }
        }

        @Test("an abandoned upload expires, and its bytes are deleted")
        func expiry() async throws {
            try await RunningEarshot.with(environment: ["UPLOAD_EXPIRY_HOURS": "0.0006"]) { earshot in
                let client = ResumableUploadClient(earshot.api.server)
                let id = try await client.create(length: 10)
                #expect(try await client.append(Data("abc".utf8), to: id, at: 0).status == 204)
                try await eventually { try await client.ask("GET", id).status == 404 }
                try await eventually { try earshot.storedFiles().isEmpty }
            }
        }
    }
}
