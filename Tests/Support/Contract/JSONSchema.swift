import Foundation

/// A schema of an OpenAPI document: the part of JSON Schema that Earshot's own document uses.
package struct JSONSchema: Sendable {
    private let schema: JSONValue
    private let document: JSONValue

    /// A schema and the document that its references point into.
    package init(_ schema: JSONValue, in document: JSONValue) {
        self.schema = schema
        self.document = document
    }

    /// The faults of a value, each with its place; empty if the value matches the schema.
    ///
    /// An unknown keyword is a fault, too: nothing passes unchecked.
    package func faults(of value: JSONValue, at place: String = "$") -> [String] {
        guard let keywords = schema.object else {
            return schema == .flag(true) ? [] : ["\(place) may not be there"]
        }
        return keywords.sorted { $0.key < $1.key }.flatMap { faults(of: value, under: $0.key, $0.value, at: place) }
    }

    private func faults(of value: JSONValue, under keyword: String, _ rule: JSONValue, at place: String) -> [String] {
        switch keyword {
        case "$ref":
            guard let target = rule.text.flatMap(document.value(at:)) else { return ["\(place): \(rule) leads nowhere"] }
            return JSONSchema(target, in: document).faults(of: value, at: place)
        case "type":
            let types = rule.list?.compactMap(\.text) ?? [rule.text ?? ""]
            return types.contains { value.isOf(type: $0) } ? [] : ["\(place) is \(value), not \(types.joined(separator: " or "))"]
        case "const": return value == rule ? [] : ["\(place) is \(value), not \(rule)"]
        case "enum": return rule.list?.contains(value) == true ? [] : ["\(place) is \(value), none of the words it may be"]
        case "anyOf", "oneOf":
            // The choices exclude one another: one match is enough, and without one the best match gives the faults.
            let outcomes = (rule.list ?? []).map { JSONSchema($0, in: document).faults(of: value, at: place) }
            return outcomes.contains([]) ? [] : outcomes.min { $0.count < $1.count } ?? ["\(place) has no schema"]
        case "properties", "additionalProperties", "required": return faults(ofFieldsOf: value, under: keyword, rule, at: place)
        case "items":
            let items = JSONSchema(rule, in: document)
            return (value.list ?? []).enumerated().flatMap { items.faults(of: $1, at: "\(place)[\($0)]") }
        case "contentSchema":
            guard let text = value.text else { return [] }
            guard let inner = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else { return ["\(place) holds no JSON"] }
            return JSONSchema(rule, in: document).faults(of: inner, at: place)
        case "description", "title", "default", "example", "examples", "deprecated", "contentMediaType": return []
        default: return limitFault(of: value, under: keyword, rule).map { ["\(place) \($0)"] } ?? []
        }
    }

    private func faults(ofFieldsOf value: JSONValue, under keyword: String, _ rule: JSONValue, at place: String) -> [String] {
        guard let fields = value.object else { return [] }
        switch keyword {
        case "required":
            return (rule.list ?? []).compactMap(\.text).filter { fields[$0] == nil }.map { "\(place).\($0) is missing" }
        case "properties":
            return fields.flatMap { name, value in
                rule[name].map { JSONSchema($0, in: document).faults(of: value, at: "\(place).\(name)") } ?? []
            }
        default:
            let others = JSONSchema(rule, in: document)
            return fields.filter { schema["properties"]?[$0.key] == nil }.flatMap { others.faults(of: $1, at: "\(place).\($0)") }
        }
    }

    /// The fault of a number, a text or the length of a list; nil if there is none.
    private func limitFault(of value: JSONValue, under keyword: String, _ rule: JSONValue) -> String? {
        func fault(_ isKept: (Double) -> Bool, of number: Double?) -> String? {
            guard let number, let limit = rule.number else { return nil }
            return isKept(limit) ? nil : "is \(number), against \(keyword) \(limit)"
        }
        let (number, length) = (value.number, value.text.map { Double($0.unicodeScalars.count) })
        switch keyword {
        case "minimum": return fault({ number ?? 0 >= $0 }, of: number)
        case "maximum": return fault({ number ?? 0 <= $0 }, of: number)
        case "exclusiveMinimum": return fault({ number ?? 0 > $0 }, of: number)
        case "minLength": return fault({ length ?? 0 >= $0 }, of: length)
        case "maxLength": return fault({ length ?? 0 <= $0 }, of: length)
        case "minItems": return fault({ Double(value.list?.count ?? 0) >= $0 }, of: value.list.map { Double($0.count) })
        case "maxItems": return fault({ Double(value.list?.count ?? 0) <= $0 }, of: value.list.map { Double($0.count) })
        case "pattern":
            guard let text = value.text else { return nil }
            let isMatch = rule.text.flatMap { try? Regex($0) }.map { text.contains($0) } ?? false
            return isMatch ? nil : "is “\(text)”, which \(rule) does not match"
        case "format":
            guard let text = value.text else { return nil }
            return JSONSchema.isText(text, of: rule.text ?? "") ? nil : "is “\(text)”, which is no \(rule)"
        default: return "has an unknown rule “\(keyword)”"
        }
    }

    private static func isText(_ text: String, of format: String) -> Bool {
        switch format {
        case "uuid": UUID(uuidString: text) != nil
        case "date-time": (try? Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")).parse(text)) != nil
        case "uri", "uri-reference": URL(string: text) != nil
        case "binary": true
        default: false
        }
    }
}

extension JSONValue {
    /// The value at a JSON pointer such as `#/components/schemas/Word`.
    package func value(at pointer: String) -> JSONValue? {
        guard pointer.hasPrefix("#/") else { return nil }
        return pointer.dropFirst(2).split(separator: "/").reduce(Optional(self)) { value, name in
            value?[String(name).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
    }

    /// A value of this document, or the target of its reference.
    package func resolved(_ value: JSONValue) -> JSONValue {
        value["$ref"]?.text.flatMap(self.value(at:)).map(resolved) ?? value
    }

    /// Whether the value has one of JSON Schema's types.
    fileprivate func isOf(type: String) -> Bool {
        switch (self, type) {
        case (.null, "null"), (.flag, "boolean"), (.number, "number"), (.text, "string"), (.list, "array"), (.object, "object"): true
        case (.number(let number), "integer"): number == number.rounded()
        default: false
        }
    }
}
