import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Uploads in several requests, with tus's own client for Python and by hand.
    @Suite struct ResumableUploadTests {
        private static let recording = Recordings.named("short-en-1.wav")

        @Test("tus's own client uploads in pieces, resumes after an interruption, and gets the text", arguments: [false, true])
        func officialClient(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let program = """
                import sys
                from tusclient import client
                address, path = sys.argv[1:]
                metadata = {"filename": "Übung 1.wav", "filetype": "audio/wav", "language": "en", "word_timestamps": "true",
                            "duplicate": "true"}
                first = client.TusClient(address).uploader(path, chunk_size=10_000, metadata=metadata)
                first.upload(stop_at=25_000)
                # Another one, as after a restart of the client: all that it knows is the address of the upload.
                second = client.TusClient(address).uploader(path, chunk_size=20_000, url=first.url)
                assert second.offset == 25_000, second.offset
                second.upload()
                print(second.request.response_headers["upload-transcription"])
                """
            let address = (throughWebsite ? earshot.website : earshot.api).server.address + "/api/v1/uploads/"
            let output = try await PythonProgram.text(program, [address, Self.recording.path.string]).succeed().output
            let transcription = try await earshot.api.finished(output.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(transcription.text == Self.recording.text)
            #expect(transcription.name == "Übung 1.wav")
            #expect(transcription.requestedLanguage == "en")
            #expect(transcription.segments?.first?.words?.isEmpty == false)
        }

        @Test("curl alone can upload in pieces and ask for the transcription")
        func curl() async throws {
            let earshot = try SharedEarshot.running
            let address = earshot.api.server.address + "/api/v1/uploads"
            let path = Self.recording.path
            let length = try path.contents().count
            let tus = ["-sS", "-i", "-H", "Tus-Resumable: 1.0.0"]
            let created = try await CommandLineProgram(
                "curl",
                tus + [
                    "-X", "POST", "-H", "Upload-Length: \(length)", "-H", "Content-Type: application/offset+octet-stream",
                    "--data-binary", "@\(path)", address,
                ]
            ).succeed().output
            #expect(created.contains("201 Created"))
            #expect(created.lowercased().contains("upload-offset: \(length)"))
            let location = try #require(created.firstMatch(of: /(?i)location: (\S+)/)?.output.1)
            let head = try await CommandLineProgram("curl", tus + ["-I", earshot.api.server.address + location]).succeed().output
            #expect(head.contains("200 OK"))
            let resource: Resource = try await earshot.api.server.ask("GET", String(location)).json()
            let id = try #require(resource.transcriptionId)
            #expect(resource.offset == length && resource.length == length)
            #expect(head.lowercased().contains("upload-transcription: \(id)"))
            #expect(try await earshot.api.finished(id).text == Self.recording.text)
        }

        @Test("the server names its version of tus, also to clients that name none")
        func options() async throws {
            let client = try client
            let answer = try await client.ask("OPTIONS", nil, ["Tus-Resumable": ""])
            #expect(answer.status == 204)
            #expect(answer.headers["tus-version"] == "1.0.0")
            #expect(answer.headers["tus-extension"] == "creation,creation-with-upload,termination,expiration")
            let other = try await client.ask("POST", nil, ["Tus-Resumable": "0.2.2", "Upload-Length": "5"])
            try expect(other, 412, "wrong_tus_version")
            #expect(other.headers["tus-version"] == "1.0.0")
        }

        @Test("an invalid upload is refused before its bytes are sent")
        func refusedAtOnce() async throws {
            let client = try client
            let before = try SharedEarshot.running.storedFiles()
            try expect(await client.ask("POST", nil), 400, "invalid_header")
            try expect(await client.ask("POST", nil, ["Upload-Defer-Length": "1"]), 400, "invalid_header")
            try expect(await client.ask("POST", nil, ["Upload-Length": "-1"]), 400, "invalid_header")
            try expect(await client.ask("POST", nil, ["Upload-Length": "0"]), 400, "empty_file")
            try expect(await client.ask("POST", nil, ["Upload-Length": "9000000000000000000"]), 507, "disk_full")
            try expect(
                await client.ask("POST", nil, ["Upload-Length": "5", "Upload-Metadata": "filename x.wav"]),
                400,
                "malformed_metadata"
            )
            let klingon = ResumableUploadClient.header(["language": "klingon"])
            try expect(await client.ask("POST", nil, ["Upload-Length": "5", "Upload-Metadata": klingon]), 400, "unknown_language")
            #expect(try SharedEarshot.running.storedFiles() == before)
        }

        @Test("bytes at a wrong offset are refused, and the earlier ones are kept")
        func refusedBytes() async throws {
            let client = try client
            let id = try await client.create(length: 10, metadata: ["filename": "x.wav"])
            let answer = try await client.append(Data("abc".utf8), to: id, at: 0)
            #expect(answer.status == 204)
            #expect(answer.headers["upload-offset"] == "3")
            #expect(answer.headers["tus-resumable"] == "1.0.0")
            let expiry = try #require(answer.headers["upload-expires"])
            #expect(expiry.wholeMatch(of: /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/) != nil, "\(expiry)")

            try expect(await client.append(Data("x".utf8), to: id, at: 2), 409, "wrong_offset")
            try expect(await client.append(Data("x".utf8), to: id, at: 4), 409, "wrong_offset")
            try expect(await client.append(Data("12345678".utf8), to: id, at: 3), 413, "upload_overflow")
            try expect(await client.ask("PATCH", id, ["Upload-Offset": "3"], body: Data("x".utf8)), 415, "wrong_content_type")
            let type = ["Content-Type": "application/offset+octet-stream"]
            try expect(await client.ask("PATCH", id, type, body: Data("x".utf8)), 400, "invalid_header")
            let head = try await client.ask("HEAD", id)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head.headers["upload-offset"] == "3")
            #expect(head.headers["upload-length"] == "10")
            #expect(head.headers["upload-metadata"] == ResumableUploadClient.header(["filename": "x.wav"]))
            #expect(head.headers["cache-control"] == "no-store")

            #expect(try await client.ask("DELETE", id).status == 204)
            try expect(await client.ask("GET", id), 404, "upload_not_found")
            try expect(await client.append(Data("x".utf8), to: id, at: 3), 404, "upload_not_found")
            try expect(await client.ask("GET", "no-id"), 404, "upload_not_found")
            #expect(try SharedEarshot.running.storedFiles().allSatisfy { !$0.hasPrefix(id) })
        }

        @Test("a client without PATCH and DELETE names them in a header")
        func override() async throws {
            let client = try client
            let id = try await client.create(length: 10)
            let headers = ["X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"]
            #expect(try await client.ask("POST", id, headers, body: Data("abc".utf8)).headers["upload-offset"] == "3")
            try expect(await client.ask("POST", id), 400, "unknown_method")
            #expect(try await client.ask("POST", id, ["X-HTTP-Method-Override": "DELETE"]).status == 204)
            #expect(try await client.ask("HEAD", id).status == 404)
        }

        @Test("a file that is not a recording is refused with its last byte, and deleted")
        func noRecording() async throws {
            let client = try client
            let before = try SharedEarshot.running.storedFiles()
            let text = Data(String(repeating: "This is no sound. ", count: 500).utf8)
            let id = try await client.create(length: text.count, metadata: ["filename": "song.mp3"])
            #expect(try await client.append(text.prefix(100), to: id, at: 0).status == 204)
            try expect(await client.append(text.dropFirst(100), to: id, at: 100), 415, "unreadable_audio")
            try expect(await client.ask("GET", id), 404, "upload_not_found")
            #expect(try SharedEarshot.running.storedFiles() == before)
        }

        @Test("a client that lost the last answer can ask again, and the transcription outlives the upload")
        func answerLost() async throws {
            let earshot = try SharedEarshot.running
            let client = try client
            let bytes = try Self.recording.path.contents()
            let id = try await client.create(length: bytes.count)
            let last = try await client.append(bytes, to: id, at: 0)
            let transcription = try #require(last.headers["upload-transcription"])
            try expect(await client.append(bytes, to: id, at: 0), 409, "wrong_offset")
            let again = try await client.append(Data(), to: id, at: bytes.count)
            #expect(again.status == 204)
            #expect(again.headers["upload-transcription"] == transcription)
            #expect(try await client.ask("DELETE", id).status == 204)
            #expect(try await client.ask("HEAD", id).status == 404)
            #expect(try await earshot.api.finished(transcription).text == Self.recording.text)
        }

        private var client: ResumableUploadClient {
            get throws { ResumableUploadClient(try SharedEarshot.running.api.server) }
        }
    }
}

/// An upload in several requests as the API shows it.
private struct Resource: Decodable {
    let id: String
    let offset, length: Int
    let expiresAt: String
    let transcriptionId: String?
}

/// Expects a refusal with this status and word.
func expect(_ answer: HTTPAnswer, _ status: Int, _ code: String, _ sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(answer.status == status, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(try answer.json(EarshotAPI.Refusal.self).code == code, sourceLocation: sourceLocation)
}
