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
        filename = parameters["filename*"].flatMap(Self.decodeExtendedValue) ?? parameters["filename"]
        contentType = headers[.contentType]
    }

    /// `UTF-8''na%C3%AFve.wav` (RFC 8187).
    private static func decodeExtendedValue(_ value: String) -> String? {
        let parts = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
        return String(parts[2]).removingPercentEncoding
    }
}

/// The parameters of a header such as `form-data; name="file"; filename="a \"b\".wav"` (RFC 9110, 5.6.6).
struct HeaderParameters {
    private var values: [String: String] = [:]

    init(_ header: String) {
        var rest = header.drop { $0 != ";" }.dropFirst()
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            var value = ""
            if rest.first == "=" {
                rest = rest.dropFirst()
                value = Self.takeValue(&rest)
            }
            let key = name.trimmingWhitespace().lowercased()
            if !key.isEmpty, values[key] == nil { values[key] = value }
            rest = rest.drop { $0 != ";" }.dropFirst()
        }
    }

    /// The value of a parameter, whose name is not case-sensitive.
    subscript(name: String) -> String? { values[name] }

    private static func takeValue(_ rest: inout Substring) -> String {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        guard rest.first == "\"" else {
            let token = rest.prefix { $0 != ";" }
            rest = rest.dropFirst(token.count)
            return token.trimmingWhitespace()
        }
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            // Browsers write a quote as %22; curl and the grammar as \", where a backslash before anything else is meant as itself.
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                value.append(next)
                rest = rest.dropFirst()
            } else {
                value.append(character)
            }
        }
        return value.replacing("%22", with: "\"")
    }
}

extension Substring {
    fileprivate func trimmingWhitespace() -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var trimmed = drop(while: isBlank)
        while let last = trimmed.last, isBlank(last) { trimmed.removeLast() }
        return String(trimmed)
    }
}
