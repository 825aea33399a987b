import Foundation

/// An OpenAPI document that answers are checked against.
package struct APIDescription: Sendable {
    package let document: JSONValue
    /// Every operation, by path and method.
    package let operations: [Operation]

    /// One method of one path, with its description.
    package struct Operation: Sendable {
        /// "GET"
        package let method: String
        /// "/api/v1/transcriptions/{id}"
        package let path: String
        package let description: JSONValue
        /// Its parameters, the path's among them; references are followed.
        package let parameters: [JSONValue]

        fileprivate var placeholders: Int { path.count(where: { $0 == "{" }) }
    }

    /// Reads a document; throws if the text is not JSON.
    package init(_ text: Data) throws {
        let document = try JSONDecoder().decode(JSONValue.self, from: text)
        let paths = document["paths"]?.object ?? [:]
        operations = paths.sorted { $0.key < $1.key }.flatMap { path, item in
            ["get", "head", "options", "post", "put", "patch", "delete"].compactMap { method in
                item[method].map { description in
                    let parameters = (item["parameters"]?.list ?? []) + (description["parameters"]?.list ?? [])
                    return Operation(
                        method: method.uppercased(),
                        path: path,
                        description: description,
                        parameters: parameters.map(document.resolved)
                    )
                }
            }
        }
        self.document = document
    }

    /// The differences between an answer and the document; empty if the answer is as described.
    package func faults(of answer: HTTPAnswer, to method: String, _ target: String) -> [String] {
        let parts = target.split(separator: "?", maxSplits: 1)
        guard let operation = operation(method, String(parts.first ?? "/")) else {
            return [404, 405].contains(answer.status) ? [] : ["is not described"]
        }
        guard let response = operation.description["responses"]?["\(answer.status)"].map(document.resolved) else {
            return ["answers \(answer.status), which is not described: \(answer.text.prefix(200))"]
        }
        return bodyFaults(of: answer, against: response, isHead: method == "HEAD") + queryFaults(of: parts.dropFirst().first, operation)
    }

    /// The differences between an event of a stream and the document.
    package func faults(of event: ServerSentEvent, from target: String) -> [String] {
        let path = String(target.prefix { $0 != "?" })
        let content = operation("GET", path)?.description["responses"]?["200"].map(document.resolved)?["content"]
        guard let schema = content?["text/event-stream"]?["itemSchema"] else { return ["sends events, which is not described"] }
        var fields: [String: JSONValue] = ["data": .text(event.data), "id": event.id.map(JSONValue.text) ?? .null]
        // The name of an event without a name.
        if event.event != "message" { fields["event"] = .text(event.event) }
        return JSONSchema(schema, in: document).faults(of: .object(fields.filter { $1 != .null })).map { "sends an event where \($0)" }
    }

    private func bodyFaults(of answer: HTTPAnswer, against response: JSONValue, isHead: Bool) -> [String] {
        guard let content = response["content"]?.object else { return answer.body.isEmpty ? [] : ["has a body, which is not described"] }
        if isHead { return [] }
        let type = answer.headers["content-type"].map { String($0.prefix { $0 != ";" }) } ?? ""
        guard let media = content[type] ?? content["*/*"] else { return ["is of the type “\(type)”, which is not described"] }
        guard type == "application/json", let schema = media["schema"], content[type] != nil else { return [] }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: answer.body) else {
            return ["is no JSON: \(answer.text.prefix(200))"]
        }
        return JSONSchema(schema, in: document).faults(of: value) + codeFaults(of: value, said: response["description"]?.text ?? "")
    }

    /// The code of a refusal is explained in the response's description, or in that of the whole API
    /// if any request may get it.
    private func codeFaults(of refusal: JSONValue, said description: String) -> [String] {
        // OpenAI's format has the code in an inner object.
        guard let code = (refusal["error_type"] == nil ? refusal["error"] : refusal)?["code"]?.text else { return [] }
        let description = description + (document["info"]?["description"]?.text ?? "")
        let isSaid = description.contains("`\(code)`") || code.hasPrefix("invalid_") && description.contains("`invalid_NAME`")
        return isSaid ? [] : ["gives the reason “\(code)”, which is not described"]
    }

    private func queryFaults(of query: Substring?, _ operation: Operation) -> [String] {
        let known = operation.parameters.filter { $0["in"] == .text("query") }.compactMap { $0["name"]?.text }
        let given = (query ?? "").split(separator: "&").map { String($0.prefix { $0 != "=" }) }
        return given.compactMap { $0.removingPercentEncoding }.filter { !known.contains($0) }.map {
            "takes “\($0)”, which is not described"
        }
    }

    /// The operation that answers; GET includes HEAD, and words in a path precede placeholders.
    private func operation(_ method: String, _ path: String) -> Operation? {
        let names = path.split(separator: "/")
        let candidates = operations.filter { operation in
            let template = operation.path.split(separator: "/")
            return template.count == names.count && zip(template, names).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        let exact = candidates.min { $0.placeholders < $1.placeholders }?.path
        let methods = method == "HEAD" ? ["HEAD", "GET"] : [method]
        return methods.lazy.compactMap { method in candidates.first { $0.path == exact && $0.method == method } }.first
    }
}
