import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads the parts of a multipart request one after the other, with no more than a chunk of one in memory.
struct MultipartReader {
    private static let maximumParts = 100
    private static let maximumFieldLength = 64 << 10

    private var parser: MultipartParser
    private var chunks: RequestBody.AsyncIterator
    private var pending: HTTPFields?
    private var parts = 0

    /// - Throws: `MultipartError.noBoundary` if the request's Content-Type names none.
    init(_ request: Request) throws(MultipartError) {
        let parameters = HeaderParameters(request.headers[.contentType] ?? "")
        guard let boundary = parameters["boundary"], (1...70).contains(boundary.utf8.count) else { throw .noBoundary }
        parser = MultipartParser(boundary: boundary)
        chunks = request.body.makeAsyncIterator()
    }

    /// The next part, skipping the rest of the current one; nil after the last.
    mutating func nextPart() async throws -> FormPart? {
        while pending == nil {
            guard let event = try await nextEvent() else { return nil }
            if case .part(let fields) = event { pending = fields }
        }
        guard let fields = pending else { return nil }
        pending = nil
        parts += 1
        guard parts <= Self.maximumParts else { throw MultipartError.tooManyParts }
        return FormPart(headers: fields)
    }

    /// The next chunk of the current part; nil at its end.
    mutating func nextChunk() async throws -> ByteBuffer? {
        switch try await nextEvent() {
        case .data(let bytes): return bytes
        case .part(let fields):
            pending = fields
            return nil
        case .end, nil: return nil
        }
    }

    /// The rest of the current part as text, for fields that are not files.
    mutating func text(of part: FormPart) async throws -> String {
        var bytes = ByteBuffer()
        while let chunk = try await nextChunk() {
            bytes.writeImmutableBuffer(chunk)
            guard bytes.readableBytes <= Self.maximumFieldLength else { throw MultipartError.fieldTooLong(name: part.name) }
        }
        return String(buffer: bytes)
    }

    private mutating func nextEvent() async throws -> MultipartParser.Event? {
        while true {
            switch try parser.next() {
            case .end: return nil
            case .some(let event): return event
            case nil:
                guard let bytes = try await chunks.next() else { throw MultipartError.truncated }
                parser.append(bytes)
            }
        }
    }
}

/// The information in the headers of a part.
struct FormPart {
    /// The name of the field.
    let name: String
    /// The client's name of the file; nil for a plain field.
    let filename: String?
    let contentType: String?

    init(headers: HTTPFields) {
        let parameters = HeaderParameters(headers[.contentDisposition] ?? "")
        name = parameters["name"] ?? ""
        filename = parameters.filename
        contentType = headers[.contentType]
    }
}
