import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension Request {
    /// The body, decoded from JSON.
    ///
    /// Only a body that says that it is JSON is read: a form on somebody else's web page can't send one.
    ///
    /// - Parameter limit: The most bytes to accept.
    /// - Throws: `APIError`.
    func json<Value: Decodable>(_ type: Value.Type, limit: Int = 1 << 20) async throws -> Value {
        guard MediaTypes.essence(of: headers[.contentType] ?? "") == "application/json" else {
            throw APIError(status: .unsupportedMediaType, code: "not_json", detail: "Send JSON, with Content-Type: application/json.")
        }
        let bytes = try await collect(upTo: limit)
        do {
            return try JSONDecoder.api.decode(type, from: Data(bytes.readableBytesView))
        } catch let error as DecodingError {
            throw APIError(status: .badRequest, code: "malformed_json", detail: error.explanation)
        }
    }

    /// The options that come in the body: fields of a form or members of a JSON object; none where there is no body.
    ///
    /// - Throws: `APIError` or `MultipartError`.
    func fields() async throws -> UploadFields {
        switch MediaTypes.essence(of: headers[.contentType] ?? "") {
        case "application/json": return try await JSONFields(reading: self).values
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
            throw APIError(status: .contentTooLarge, code: "body_too_large", detail: "The body has more than \(limit) bytes.")
        }
    }
}

extension DecodingError {
    /// What is wrong with the JSON, and where, without what stands there.
    fileprivate var explanation: String {
        switch self {
        case .keyNotFound(let key, let context): "“\(Self.place(context.codingPath + [key]))” is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "“\(Self.place(context.codingPath))” is of the wrong type."
        default: "The body is not JSON."
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
