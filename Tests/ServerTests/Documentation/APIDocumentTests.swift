import Foundation
import TestSupport
import Testing

/// The API's description is complete, and true.
struct APIDocumentTests {
    @Test("every route is described, and everything described is a route")
    func routes() throws {
        let routes = Set(try TestDocument.routes())
        let described = Set(try TestDocument.description().operations.map { "\($0.method) \($0.path)" })
        #expect(routes.count > 20)
        #expect(routes.subtracting(described).sorted() == [], "not described")
        // Hummingbird answers HEAD wherever there is GET.
        let others = described.subtracting(routes).filter { !routes.contains($0.replacing("HEAD ", with: "GET ")) }
        #expect(others.sorted() == [], "no routes")
    }

    @Test("no part of the document hides another's")
    func parts() throws {
        let document = try TestDocument.description().document
        let parts = try TestDocument.parts()
        for section in ["paths", "components/headers", "components/parameters", "components/responses", "components/schemas"] {
            let folder = section.split(separator: "/").last.map(String.init) ?? ""
            let written = parts.filter { $0.name.hasPrefix(folder + "/") }.flatMap { ($0.value.object ?? [:]).keys }
            #expect(written.sorted() == document.value(at: "#/" + section)?.object?.keys.sorted(), "\(section)")
        }
        #expect(document["openapi"] == .text("3.1.0"))
    }

    @Test("every operation says what it does, under a name and a tag of its own")
    func operations() throws {
        let description = try TestDocument.description()
        let tags = (description.document["tags"]?.list ?? []).compactMap { $0["name"]?.text }
        for operation in description.operations {
            let name = "\(operation.method) \(operation.path)"
            for word in ["operationId", "summary", "description"] {
                #expect(operation.description[word]?.text?.isEmpty == false, "\(name): \(word)")
            }
            let own = (operation.description["tags"]?.list ?? []).compactMap(\.text)
            #expect(own.count == 1 && own.allSatisfy(tags.contains), "\(name): tags")
            #expect(operation.description["responses"]?.object?.isEmpty == false, "\(name): responses")
            let placeholders = operation.path.matches(of: /\{([a-z_]+)\}/).map { String($0.output.1) }
            let inPath = operation.parameters.filter { $0["in"] == .text("path") }.compactMap { $0["name"]?.text }
            #expect(Set(placeholders) == Set(inPath), "\(name): parameters of the path")
        }
        let names = description.operations.compactMap { $0.description["operationId"]?.text }
        #expect(Set(names).count == names.count)
        let used = description.operations.flatMap { $0.description["tags"]?.list ?? [] }.compactMap(\.text)
        #expect(Set(used) == Set(tags))
    }

    @Test("every parameter and every field has a type, a sentence about it and, where clients write it, an example")
    func fields() throws {
        let document = try TestDocument.description().document
        for operation in try TestDocument.description().operations {
            for parameter in operation.parameters {
                let name = "\(operation.method) \(operation.path): \(parameter["name"]?.text ?? "?")"
                let schema = document.resolved(parameter["schema"] ?? .null)
                #expect(schema["type"] != nil, "\(name): type")
                #expect((parameter["description"] ?? schema["description"])?.text?.isEmpty == false, "\(name): description")
                let example = parameter["example"] ?? schema["examples"]?.list?.first
                #expect(example != nil, "\(name): example")
                #expect(example.map { JSONSchema(schema, in: document).faults(of: $0) } == [], "\(name): example")
            }
        }
        for (name, schema) in document.value(at: "#/components/schemas")?.object ?? [:] {
            expectDescription(of: schema, in: document, at: name)
        }
    }

    @Test("every reference leads somewhere, and every component is used")
    func references() throws {
        let document = try TestDocument.description().document
        let references = Set(document.texts(under: "$ref"))
        for reference in references { #expect(document.value(at: reference) != nil, "\(reference)") }
        for kind in ["headers", "parameters", "responses", "schemas"] {
            for name in document.value(at: "#/components/\(kind)")?.object?.keys.sorted() ?? [] {
                let path = "#/components/\(kind)/\(name)"
                #expect(references.contains { $0 == path || $0.hasPrefix(path + "/") }, "\(path)")
            }
        }
    }

    @Test("every answer and its example are what its schema says; objects have the described fields and no other")
    func answers() throws {
        let description = try TestDocument.description()
        for operation in description.operations {
            for (status, response) in operation.description["responses"]?.object ?? [:] {
                let name = "\(operation.method) \(operation.path) \(status)"
                let response = description.document.resolved(response)
                #expect(response["description"]?.text?.isEmpty == false, "\(name)")
                for (type, media) in response["content"]?.object ?? [:] {
                    let schema = try #require(media[type == "text/event-stream" ? "itemSchema" : "schema"], "\(name) \(type)")
                    expectClosed(schema, in: description.document, at: "\(name) \(type)")
                    guard let example = media["example"] else { continue }
                    #expect(JSONSchema(schema, in: description.document).faults(of: example) == [], "\(name) \(type)")
                }
            }
        }
    }

    @Test("a field of an answer that may be null is always present")
    func nulls() throws {
        let document = try TestDocument.description().document
        var count = 0
        for (name, schema) in document.value(at: "#/components/schemas")?.object ?? [:] {
            // Answers are closed, forms and JSON that clients send are not.
            guard schema["additionalProperties"] == .flag(false) else { continue }
            let required = schema["required"]?.list?.compactMap(\.text) ?? []
            for (field, value) in schema["properties"]?.object ?? [:] where value.isNullable {
                count += 1
                #expect(required.contains(field), "\(name).\(field)")
            }
        }
        #expect(count > 30)
    }

    /// Expects a sentence about a schema and about all that is in it.
    private func expectDescription(of schema: JSONValue, in document: JSONValue, at place: String) {
        let described = document.resolved(schema)
        #expect((schema["description"] ?? described["description"])?.text?.isEmpty == false, "\(place): description")
        #expect(["type", "anyOf", "oneOf"].contains { described[$0] != nil }, "\(place): type")
        guard schema["$ref"] == nil else { return }
        for (name, field) in schema["properties"]?.object ?? [:] { expectDescription(of: field, in: document, at: "\(place).\(name)") }
        for choice in schema["oneOf"]?.list ?? [] { expectDescription(of: choice, in: document, at: "\(place)?") }
    }

    /// Expects that every object says which fields it has, so that one more would be noticed.
    private func expectClosed(_ schema: JSONValue, in document: JSONValue, at place: String, seen: [JSONValue] = []) {
        let schema = document.resolved(schema)
        guard !seen.contains(schema) else { return }
        if schema["type"] == .text("object") { #expect(schema["additionalProperties"] != nil, "\(place)") }
        let parts =
            (schema["properties"]?.object ?? [:]).map { ($0, $1) }
            + ["items", "contentSchema"].compactMap { name in schema[name].map { (name, $0) } }
        let choices = ((schema["anyOf"] ?? schema["oneOf"])?.list ?? []).map { ("?", $0) }
        for (name, part) in parts + choices { expectClosed(part, in: document, at: "\(place).\(name)", seen: seen + [schema]) }
    }
}

extension JSONValue {
    /// Whether a schema allows null, alone or beside something else.
    fileprivate var isNullable: Bool {
        let types = self["type"]?.list ?? [self["type"] ?? .null]
        return types.contains(.text("null")) || (self["anyOf"] ?? self["oneOf"])?.list?.contains(where: \.isNullable) == true
    }

    /// The texts that stand anywhere in it under a name.
    fileprivate func texts(under name: String) -> [String] {
        switch self {
        case .object(let object): object.flatMap { $0 == name ? [$1].compactMap(\.text) : $1.texts(under: name) }
        case .list(let list): list.flatMap { $0.texts(under: name) }
        default: []
        }
    }
}
