import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads the parts of a multipart request one after the other, holding no more than a piece of one in memory.
struct MultipartReader {
    private static let maximumParts = 100
    private static let maximumFieldLength = 64 << 10

    private var parser: MultipartParser
    private var chunks: RequestBody.AsyncIterator
    private var pending: HTTPFields?
    private var parts = 0

    /// - Throws: `MultipartError.noBoundary` when the request's Content-Type names none.
    init(_ request: Request) throws(MultipartError) {
        let parameters = HeaderParameters(request.headers[.contentType] ?? "")
        guard let boundary = parameters["boundary"], (1...70).contains(boundary.utf8.count) else { throw .noBoundary }
        parser = MultipartParser(boundary: boundary)
        chunks = request.body.makeAsyncIterator()
    }

    /// The next part, skipping what is left of the current one; nil after the last.
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

    /// The next piece of the current part, or nil at its end.
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

/// What the headers of a part say.
struct FormPart {
    /// The field's name.
    let name: String
    /// The file's name as the client gives it; nil for a plain field.
    let filename: String?
    let contentType: String?

    init(headers: HTTPFields) {
        let parameters = HeaderParameters(headers[.contentDisposition] ?? "")
        name = parameters["name"] ?? ""
        filename = parameters.filename
        contentType = headers[.contentType]
    }
}
