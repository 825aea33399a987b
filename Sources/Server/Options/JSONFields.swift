import Foundation

/// A JSON object whose members are options: strings, numbers, booleans, and lists of those.
struct JSONFields {
    /// The members as form fields, by name: `null` means "not given", and the values of a list are joined by commas.
    let values: UploadFields

    /// - Throws: `APIError` if the JSON is anything else.
    init(_ json: Data) throws {
        do {
            values = try JSONDecoder().decode([String: Member].self, from: json).compactMapValues { $0.text.map { [$0] } }
        } catch {
            throw APIError.badRequest(
                "malformed_json",
                "The body must be a JSON object whose values are strings, numbers, booleans, or lists of those."
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
