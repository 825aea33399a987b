import AsyncHTTPClient
import Foundation
import NIOCore
import SystemPackage

/// Earshot's HTTP API as a client meets it, directly or through the website.
package struct EarshotAPI: Sendable {
    /// A transcription as the API shows it.
    package struct Transcription: Sendable, Hashable, Decodable {
        /// A stretch of speech.
        package struct Segment: Sendable, Hashable, Decodable {
            /// The segment's number, from 0.
            package let id: Int
            /// The start, in seconds.
            package let start: Double
            /// The end, in seconds.
            package let end: Double
            /// What was said.
            package let text: String
            /// Who said it; nil where nobody tells.
            package let speaker: String?
            /// The words, if they were asked for.
            package let words: [Word]?
        }

        /// A word, with times in seconds.
        package struct Word: Sendable, Hashable, Decodable {
            /// The word with the punctuation that hangs on it.
            package let word: String
            /// When it starts and ends.
            package let start, end: Double
            /// How sure the model is, 0 to 1.
            package let probability: Double
        }

        /// Its id.
        package let id: String
        /// What it is called.
        package let name: String?
        /// What it is tagged with.
        package let tags: [String]?
        /// The revision of the text.
        package let revision: Int?
        /// The id of its audio file, which others may share.
        package let audioFileId: String
        /// pending, processing, paused, completed, failed or cancelled.
        package let status: String
        /// The text so far.
        package let text: String?
        /// The code of the language spoken, once it is known.
        package let language: String?
        /// The recording's length, in seconds.
        package let durationSeconds: Double?
        /// When it ended.
        package let completedAt: String?
        /// A word for what went wrong.
        package let errorCode: String?
        /// A sentence about what went wrong.
        package let errorMessage: String?
        /// The model that hears it.
        package let model: String?
        /// The name of the file as it was uploaded.
        package let audioFileOriginalFilename: String?
        /// How much is done, 0 to 1.
        package let progress: Double?
        /// The language that the client named.
        package let requestedLanguage: String?
        /// transcribe or translate.
        package let task: String?
        /// The segments so far; nil where the API leaves them out.
        package let segments: [Segment]?

        /// Whether nothing will happen to it any more.
        package var isFinal: Bool { ["completed", "failed", "cancelled"].contains(status) }
    }

    /// A page of the list of transcriptions.
    package struct Page: Sendable, Decodable {
        /// The transcriptions of this page.
        package let items: [Transcription]
        /// How many there are on all pages.
        package let total: Int
        /// What leads to the next page.
        package let nextCursor: String?
    }

    /// Why a request was refused.
    package struct Refusal: Sendable, Decodable {
        /// What is wrong and what to do, for people.
        package let detail: String
        /// A word for programs.
        package let code: String
    }

    /// Where the API is.
    package let server: HTTPServer

    /// The API of a server.
    package init(_ server: HTTPServer) {
        self.server = server
    }

    /// Uploads a file under its own name or another, with form fields and a query such as "?wait=60".
    ///
    /// - Parameter isDuplicate: Whether it is transcribed although an earlier test had the same done, as most tests want it.
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

    /// Sends a form, whatever it holds.
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

    /// Begins an upload of a declared length and breaks the connection after part of it; returns once that has happened.
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

    /// Follows a transcription's events to its end and returns it as it then is.
    package func finished(_ id: String, within limit: Duration = .seconds(300)) async throws -> Transcription {
        _ = try await events(of: id, within: limit)
        let transcription = try await transcription(id)
        guard transcription.isFinal else { throw UnexpectedAnswer(description: "The events ended while it is \(transcription.status)") }
        return transcription
    }

    /// The events of a transcription, up to the one called `done` unless another is the last one wanted.
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

    /// Deletes a transcription.
    package func delete(_ id: String) async throws -> HTTPAnswer {
        try await server.ask("DELETE", "/api/v1/transcriptions/\(id)")
    }
}

/// A form with files, as browsers send it.
package struct MultipartForm: Sendable {
    private static let boundary = "----EarshotTestBoundary7MA4YWxk"
    private var parts = Data()

    /// An empty form.
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

/// The bytes of an upload whose client goes away in the middle.
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
