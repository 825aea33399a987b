import AsyncHTTPClient
import Foundation
import NIOCore
import SystemPackage

/// Earshot's HTTP API as a client uses it, directly or through the website.
package struct EarshotAPI: Sendable {
    /// A transcription in the API.
    package struct Transcription: Sendable, Hashable, Decodable {
        /// A stretch of speech.
        package struct Segment: Sendable, Hashable, Decodable {
            package let id: Int
            package let start: Double
            package let end: Double
            package let text: String
            package let speaker: String?
            package let words: [Word]?
        }

        /// A word, with times in seconds.
        package struct Word: Sendable, Hashable, Decodable {
            package let word: String
            package let start, end: Double
            package let probability: Double
        }

        package let id: String
        package let name: String?
        package let tags: [String]?
        package let revision: Int?
        package let audioFileId: String
        /// pending, processing, paused, completed, failed or cancelled.
        package let status: String
        package let text: String?
        package let language: String?
        package let durationSeconds: Double?
        package let completedAt: String?
        package let errorCode: String?
        package let errorMessage: String?
        package let model: String?
        package let audioFileOriginalFilename: String?
        package let progress: Double?
        package let requestedLanguage: String?
        package let task: String?
        /// The segments so far; nil where the API leaves them out.
        package let segments: [Segment]?

        /// Whether the state is final.
        package var isFinal: Bool { ["completed", "failed", "cancelled"].contains(status) }
    }

    /// A page of the list of transcriptions.
    package struct Page: Sendable, Decodable {
        package let items: [Transcription]
        package let total: Int
        package let nextCursor: String?
    }

    /// The answer to a refused request.
    package struct Refusal: Sendable, Decodable {
        package let detail: String
        package let code: String
    }

    package let server: HTTPServer

    /// The API of a server.
    package init(_ server: HTTPServer) {
        self.server = server
    }

    /// Uploads a file under its own name or another, with form fields and a query such as "?wait=60".
    ///
    /// - Parameter isDuplicate: Whether the file is transcribed although an earlier test uploaded it, as most tests need.
    package func upload(
        _ path: FilePath,
        as filename: String? = nil,
        fields: [(String, String)] = [],
        query: String = "",
        isDuplicate: Bool = true
    ) async throws -> HTTPAnswer {
        var form = MultipartForm()
        for (name, value) in fields { form.add(name, value) }
        try form.addFile("file", filename: filename ?? path.lastComponent?.string ?? "file", path.contents())
        let duplicate = isDuplicate ? (query.isEmpty ? "?" : "&") + "duplicate=true" : ""
        return try await post(form, query: query + duplicate)
    }

    /// Sends a form.
    package func post(_ form: MultipartForm, query: String = "") async throws -> HTTPAnswer {
        try await server.ask(
            "POST",
            "/api/v1/transcriptions" + query,
            headers: ["Content-Type": form.contentType],
            body: form.data,
            within: .seconds(300)
        )
    }

    /// Uploads a file and returns the transcription as accepted; throws where it is refused.
    package func accept(_ path: FilePath, as filename: String? = nil, query: String = "") async throws -> Transcription {
        let answer = try await upload(path, as: filename, query: query)
        guard answer.status == 201 else { throw UnexpectedAnswer(description: "\(answer.status) \(answer.text)") }
        return try answer.json()
    }

    /// Starts an upload of a declared length and closes the connection after a part of it; returns after that.
    package func uploadAndBreakOff(declaredBytes: Int64, after sentBytes: Int) async throws {
        var form = MultipartForm()
        form.addFile("file", filename: "long.wav", Data())
        let pieces = BrokenUpload(head: form.opening, remaining: sentBytes)
        do {
            _ = try await server.start(
                "POST",
                "/api/v1/transcriptions",
                headers: ["Content-Type": form.contentType],
                body: .stream(pieces, length: .known(declaredBytes))
            )
        } catch is BrokenUpload.BrokenOff {
            return
        }
    }

    /// One transcription, with the segments so far.
    package func transcription(_ id: String) async throws -> Transcription {
        let answer = try await server.ask("GET", "/api/v1/transcriptions/\(id)")
        guard answer.status == 200 else { throw UnexpectedAnswer(description: "\(answer.status) \(answer.text)") }
        return try answer.json()
    }

    /// Transcriptions, the newest first unless the query says otherwise.
    package func transcriptions(_ query: String = "limit=100") async throws -> Page {
        try await server.ask("GET", "/api/v1/transcriptions?\(query)").json()
    }

    /// Deletes all transcriptions of files with this in their name, so that the same upload is new again.
    package func forget(_ filename: String) async throws {
        let query = filename.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? filename
        for transcription in try await transcriptions("limit=100&q=\(query)").items { _ = try await delete(transcription.id) }
    }

    /// Follows a transcription's events to the end and returns the transcription.
    package func finished(_ id: String, within limit: Duration = .seconds(300)) async throws -> Transcription {
        _ = try await events(of: id, within: limit)
        let transcription = try await transcription(id)
        guard transcription.isFinal else { throw UnexpectedAnswer(description: "The events ended while it is \(transcription.status)") }
        return transcription
    }

    /// The events of a transcription, up to `done` unless another one is the last wanted.
    package func events(
        of id: String,
        after lastEventID: String? = nil,
        within limit: Duration = .seconds(300),
        until isLast: (ServerSentEvent) -> Bool = { $0.event == "done" }
    ) async throws -> [ServerSentEvent] {
        try await server.events("/api/v1/transcriptions/\(id)/events", after: lastEventID, within: limit, until: isLast)
    }

    /// Cancels, pauses, resumes or retries a transcription; throws where that is refused.
    package func control(_ id: String, _ action: String) async throws -> Transcription {
        let answer = try await server.ask("POST", "/api/v1/transcriptions/\(id)/\(action)")
        guard answer.status == 200 else { throw UnexpectedAnswer(description: "\(answer.status) \(answer.text)") }
        return try answer.json()
    }

    package func delete(_ id: String) async throws -> HTTPAnswer {
        try await server.ask("DELETE", "/api/v1/transcriptions/\(id)")
    }
}

/// A form with files, as browsers send it.
package struct MultipartForm: Sendable {
    private static let boundary = "----EarshotTestBoundary7MA4YWxk"
    private var parts = Data()

    package init() {}

    /// The value of the header Content-Type.
    package var contentType: String { "multipart/form-data; boundary=\(Self.boundary)" }

    /// The whole form.
    package var data: Data { parts + Data("--\(Self.boundary)--\r\n".utf8) }

    /// The form without its end.
    var opening: Data { parts.dropLast(2) }

    /// Adds a plain field.
    package mutating func add(_ name: String, _ value: String) {
        parts.append(Data("--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8))
    }

    /// Adds a file; quotes and line breaks in its name are written as browsers write them.
    package mutating func addFile(_ name: String, filename: String, _ content: Data) {
        let escapes: [Unicode.Scalar: String] = ["\"": "%22", "\r": "%0D", "\n": "%0A"]
        let escaped = filename.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
        let head = """
            --\(Self.boundary)\r
            Content-Disposition: form-data; name="\(name)"; filename="\(escaped)"\r
            Content-Type: application/octet-stream\r
            \r

            """
        parts.append(Data(head.utf8) + content + Data("\r\n".utf8))
    }
}

/// The bytes of an upload whose client disconnects in the middle.
private struct BrokenUpload: AsyncSequence, AsyncIteratorProtocol, Sendable {
    struct BrokenOff: Error {}

    var head: Data?
    var remaining: Int

    init(head: Data, remaining: Int) {
        self.head = head
        self.remaining = remaining
    }

    func makeAsyncIterator() -> BrokenUpload { self }

    mutating func next() async throws -> ByteBuffer? {
        if let head {
            self.head = nil
            return ByteBuffer(bytes: head)
        }
        guard remaining > 0 else { throw BrokenOff() }
        let count = Swift.min(remaining, 1 << 20)
        remaining -= count
        return ByteBuffer(repeating: 0x55, count: count)
    }
}
