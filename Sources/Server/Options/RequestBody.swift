import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension Request {
    private static let longestFields = 256 << 10

    /// The media type of the body, without parameters.
    var mediaType: String { MediaTypes.essence(of: headers[.contentType] ?? "") }

    /// The body, decoded from JSON.
    ///
    /// The body must declare that it is JSON: a form on a foreign web page cannot send that.
    ///
    /// - Parameter limit: The largest body to accept, in bytes.
    func json<Value: Decodable>(_ type: Value.Type, limit: Int = 1 << 20) async throws -> Value {
        guard mediaType == "application/json" else {
            throw APIError(status: .unsupportedMediaType, code: "not_json", detail: "Send JSON with Content-Type: application/json.")
        }
        let bytes = try await collect(upTo: limit)
        do {
            return try JSONDecoder.api.decode(type, from: Data(bytes.readableBytesView))
        } catch let error as DecodingError {
            throw APIError.badRequest("malformed_json", error.explanation)
        }
    }

    /// The members of a JSON object in the body, as form fields.
    func jsonFields() async throws -> UploadFields {
        try JSONFields(Data(try await collect(upTo: Self.longestFields).readableBytesView)).values
    }

    /// The options in the body: fields of a form or members of a JSON object; empty without a body.
    ///
    /// - Throws: `APIError` or `MultipartError`.
    func fields() async throws -> UploadFields {
        switch mediaType {
        case "application/json": return try await jsonFields()
        case "multipart/form-data":
            var fields: UploadFields = [:]
            var form = try MultipartReader(self)
            while let part = try await form.nextPart() { fields[part.name, default: []].append(try await form.text(of: part)) }
            return fields
        case "application/x-www-form-urlencoded":
            let text = String(buffer: try await collect(upTo: 1 << 20))
            return Parameters(form: text).reduce(into: [:]) { $0[String($1.key), default: []].append(String($1.value)) }
        default:
            return [:]
        }
    }

    private func collect(upTo limit: Int) async throws -> ByteBuffer {
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw APIError.bodyTooLarge(limit)
        }
    }
}

extension APIError {
    static func bodyTooLarge(_ limit: Int) -> APIError {
        APIError(status: .contentTooLarge, code: "body_too_large", detail: "The body has more than \(limit) bytes.")
    }
}

extension DecodingError {
    /// The place and kind of the error in the JSON, without its content.
    fileprivate var explanation: String {
        switch self {
        case .keyNotFound(let key, let context): "“\(Self.place(context.codingPath + [key]))” is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "“\(Self.place(context.codingPath))” has the wrong type."
        default: "The body is not valid JSON."
        }
    }

    /// `segments[3].start`
    private static func place(_ path: [any CodingKey]) -> String {
        let place = path.reduce("") { place, key in
            if let index = key.intValue { return place + "[\(index)]" }
            return place.isEmpty ? key.stringValue : place + "." + key.stringValue
        }
        return place.isEmpty ? "The body" : place
    }
}
