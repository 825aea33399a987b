/// Any value of JSON.
package enum JSONValue: Sendable, Hashable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// The text, if it is one.
    package var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The number, if it is one.
    package var number: Double? { if case .number(let number) = self { number } else { nil } }
    /// The list, if it is one.
    package var list: [JSONValue]? { if case .list(let list) = self { list } else { nil } }
    /// The object's values by name, if it is one.
    package var object: [String: JSONValue]? { if case .object(let object) = self { object } else { nil } }

    /// The flag, if it is one.
    package var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }

    /// An object's value of that name.
    package subscript(name: String) -> JSONValue? {
        if case .object(let object) = self { object[name] } else { nil }
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let flag): try container.encode(flag)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let list): try container.encode(list)
        case .object(let object): try container.encode(object)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
    /// A text.
    package init(stringLiteral text: String) { self = .text(text) }
    /// A number.
    package init(integerLiteral number: Int) { self = .number(Double(number)) }
}
