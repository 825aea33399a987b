import Foundation
import Hummingbird
import NIOCore

/// A JSON object whose members are options: texts, numbers, yes or no, and lists of those.
struct JSONFields {
    private static let longestBody = 256 << 10

    /// The members as a form would have them, by name; `null` means "not given", and a list is its values with commas between them.
    let values: UploadFields

    /// Reads the body of a request.
    ///
    /// - Throws: `APIError` where it is no such object, or too long.
    init(reading request: Request) async throws {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.longestBody)
        } catch is NIOTooManyBytesError {
            throw APIError(status: .contentTooLarge, code: "body_too_large", detail: "The JSON has more than \(Self.longestBody) bytes.")
        }
        try self.init(Data(body.readableBytesView))
    }

    init(_ json: Data) throws {
        do {
            values = try JSONDecoder().decode([String: Member].self, from: json).compactMapValues { $0.text.map { [$0] } }
        } catch {
            throw APIError(
                status: .badRequest,
                code: "malformed_json",
                detail: "The body must be a JSON object whose values are texts, numbers, true, false, or lists of those."
            )
        }
    }

    private struct Member: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            if var list = try? decoder.unkeyedContainer() {
                var texts: [String] = []
                while !list.isAtEnd { texts.append(try list.decode(Scalar.self).text ?? "") }
                text = texts.joined(separator: ",")
            } else {
                text = try Scalar(from: decoder).text
            }
        }
    }

    private struct Scalar: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                text = nil
            } else if let flag = try? value.decode(Bool.self) {
                text = "\(flag)"
            } else if let number = try? value.decode(Int64.self) {
                text = "\(number)"
            } else if let number = try? value.decode(Double.self) {
                text = "\(number)"
            } else {
                text = try value.decode(String.self)
            }
        }
    }
}
