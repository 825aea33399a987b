import AsyncHTTPClient
import Foundation
import NIOCore

/// A client for uploads in several requests (tus 1.0): one request at a time, with any headers.
package struct ResumableUploadClient: Sendable {
    private static let path = "/api/v1/uploads"

    private let server: HTTPServer

    package init(_ server: HTTPServer) {
        self.server = server
    }

    /// Any request; the id is left out for the uploads as a whole, and a header that is empty is not sent.
    package func ask(
        _ method: String,
        _ id: String? = nil,
        _ headers: [String: String] = [:],
        body: Data? = nil
    ) async throws -> HTTPAnswer {
        let all = ["Tus-Resumable": "1.0.0"].merging(headers) { $1 }.filter { !$0.value.isEmpty }
        return try await server.ask(method, Self.path + (id.map { "/\($0)" } ?? ""), headers: all, body: body)
    }

    /// Announces an upload and returns its id.
    package func create(length: Int, metadata: [String: String] = [:]) async throws -> String {
        let answer = try await ask("POST", nil, ["Upload-Length": "\(length)", "Upload-Metadata": Self.header(metadata)])
        guard answer.status == 201, let id = answer.headers["location"]?.split(separator: "/").last else {
            throw UnexpectedAnswer(description: "\(answer.status) \(answer.text)")
        }
        return String(id)
    }

    /// Sends bytes.
    package func append(_ bytes: Data, to id: String, at offset: Int) async throws -> HTTPAnswer {
        try await ask("PATCH", id, Self.headers(at: offset), body: bytes)
    }

    /// Sends bytes; the body ends when the gate is closed.
    package func append(_ bytes: Data, to id: String, at offset: Int, declaring length: Int, until gate: AsyncStream<Void>) async throws {
        let pieces = AsyncStream<ByteBuffer> { continuation in
            continuation.yield(ByteBuffer(bytes: bytes))
            // Unstructured, because the stream is made without waiting; it ends with the gate.
            Task {
                for await _ in gate {}
                continuation.finish()
            }
        }
        let headers = Self.headers(at: offset).merging(["Tus-Resumable": "1.0.0"]) { $1 }
        _ = try await server.start("PATCH", "\(Self.path)/\(id)", headers: headers, body: .stream(pieces, length: .known(Int64(length))))
    }

    /// Number of bytes received; nil for an upload that does not exist.
    package func offset(of id: String) async throws -> Int? {
        try await ask("HEAD", id).headers["upload-offset"].flatMap { Int($0) }
    }

    /// The value of the header Upload-Metadata.
    package static func header(_ metadata: [String: String]) -> String {
        metadata.map { "\($0) \(Data($1.utf8).base64EncodedString())" }.joined(separator: ",")
    }

    private static func headers(at offset: Int) -> [String: String] {
        ["Upload-Offset": "\(offset)", "Content-Type": "application/offset+octet-stream"]
    }
}
