import Foundation
import TestSupport
import Testing

/// A request with one edge value in it.
struct EdgeRequest: Sendable, CustomStringConvertible {
    var method = "GET"
    var target: String
    var headers: [String: String] = [:]
    var body: Data?
    /// Whether the answer is a stream that may never end.
    var isEndless = false
    /// The parameter or property that has the edge value, and the value.
    var place = ""

    var description: String { "\(method) \(target.prefix(300)): \(place)" }
}

/// The recordings, transcriptions and cursors that requests refer to.
struct EdgeScene {
    let server: HTTPServer
    let known: EarshotAPI.Transcription
    /// Half a second of silence, which is transcribed at once.
    let silence: Data
    /// An address without a server.
    let nowhere: String
    /// Cursors by the path of their list: each is valid, or valid except for one number.
    let cursors: [String: [String]]

    init(_ earshot: RunningEarshot, nowhere: String) async throws {
        self.nowhere = nowhere
        server = earshot.api.server
        let wave = try Recordings.path("silence.wav").contents()
        silence = Self.cut(wave, bytes: 16_000)
        // The first of two recordings, so that there is a second page.
        known = try await earshot.api.accept(Recordings.path("short-en-1.wav"), query: "?wait=120")
        _ = try await earshot.api.accept(Recordings.path("short-en-2.wav"), query: "?wait=120")
        var lists: [String] = []
        for key in ["created_at", "-duration", "name"] {
            let page = try await server.ask("GET", "/api/v1/transcriptions?limit=1&sort=\(key)").json(JSONValue.self)
            let cursor = try #require(page["next_cursor"]?.text ?? page["nextCursor"]?.text)
            let content = String(decoding: try #require(Data(base64Encoded: Self.plain(cursor))), as: UTF8.self)
            let values = content.ranges(of: /"value":"[^"]*"/).prefix(1).flatMap { range in
                (EdgeValues.integers + EdgeValues.numbers).map { content.replacingCharacters(in: range, with: "\"value\":\"\($0)\"") }
            }
            lists += ([content] + values).map { "\(Data($0.utf8).base64EncodedString())&sort=\(key)" }
        }
        let hits =
            ["0-0", "0-zzzzz", "1-1-3vk1-1"].flatMap { [$0] + EdgeValues.shaped(like: $0) } + [
                "0-1y2p0ij32e8e7", "0-1-3w5e11264sgsf-1y2p0ij32e8e7",
            ]
        cursors = ["/api/v1/transcriptions": lists, "/api/v1/search": hits]
    }

    /// Deletes the transcriptions in the queue, so that requests that wait for a transcript do not wait for all the others.
    func emptyQueue() async throws {
        let page = try await server.ask("GET", "/api/v1/transcriptions?status=pending,processing&limit=100").json(JSONValue.self)
        let ids = (page["items"]?.list ?? []).compactMap { $0["id"] }.filter { $0 != .text(known.id) }
        guard !ids.isEmpty else { return }
        _ = try await server.send("POST", "/api/v1/transcriptions/delete", json: .object(["ids": .list(ids)]))
        try await emptyQueue()
    }

    /// Requests for every answer in which a stored edge value may appear.
    func everythingStored() async throws -> [EdgeRequest] {
        let own = "/api/v1/transcriptions/\(known.id)"
        let formats = ["txt", "srt", "vtt", "ass", "ttml", "lrc", "tsv", "csv", "md", "docx", "json"]
        let lists = ["created_at", "-created_at", "name", "-name", "duration", "-duration"].map { "/api/v1/transcriptions?sort=\($0)" }
        let others = [
            "/api/v1/statistics", "/api/v1/info", "/api/v1/models/available", "/api/v1/search?q=the", own + "/segments", own + "/words",
        ]
        return (lists + others + [own, own + "/revisions"] + formats.map { own + "/export?format=\($0)" }).map { EdgeRequest(target: $0) }
    }

    private static func plain(_ cursor: String) -> String { cursor.replacing("-", with: "+").replacing("_", with: "/") }

    /// The beginning of a WAV file with a header of 44 bytes.
    private static func cut(_ wave: Data, bytes: Int) -> Data {
        func little(_ number: Int) -> Data { Data([0, 8, 16, 24].map { UInt8(number >> $0 & 0xFF) }) }
        var wave = wave.prefix(44 + bytes)
        wave.replaceSubrange(4..<8, with: little(36 + bytes))
        wave.replaceSubrange(40..<44, with: little(bytes))
        return wave
    }
}

/// The requests to one operation: one for each edge value of each parameter and of each property of the body.
struct EdgeRequests {
    private let operation: APIDescription.Operation
    private let description: APIDescription
    private let scene: EdgeScene
    /// Valid values for the path's parameters.
    private let path: [String: String]
    private let revision: String

    init(_ operation: APIDescription.Operation, of description: APIDescription, in scene: EdgeScene) async throws {
        self.operation = operation
        self.description = description
        self.scene = scene
        var path = ["name": "demo", "removal": "0-0", "number": "0", "file": "page.css"]
        if operation.path.hasPrefix("/api/v1/uploads/") {
            path["id"] = try await ResumableUploadClient(scene.server).create(length: 1000)
        } else {
            path["id"] = operation.path.hasPrefix("/api/v1/audio-files") ? scene.known.audioFileId : scene.known.id
        }
        // Other requests need the recordings and the demo model.
        if operation.method == "DELETE" { path = ["id": UUID().uuidString, "name": "tiny"] }
        self.path = path
        let now = try await scene.server.ask("GET", "/api/v1/transcriptions/\(scene.known.id)").json(JSONValue.self)
        revision = now["revision"]?.number.map { String(format: "%.0f", $0) } ?? "0"
    }

    var all: [EdgeRequest] {
        let parameters = operation.parameters.flatMap(requests(trying:))
        let content = bodyContent?.sorted { $0.key < $1.key } ?? []
        let bodies = content.flatMap { type, media in
            media["schema"].map { requests(type, description.document.resolved($0), isShort: type != content.first?.key) } ?? []
        }
        return parameters + bodies
    }

    private var bodyContent: [String: JSONValue]? { operation.description["requestBody"]?["content"]?.object }
    private var isStream: Bool { operation.path == "/api/v1/events" }

    // MARK: Parameters

    private func requests(trying parameter: JSONValue) -> [EdgeRequest] {
        guard let name = parameter["name"]?.text, let place = parameter["in"]?.text else { return [] }
        let schema = description.document.resolved(parameter["schema"] ?? .null)
        let example = Self.example(of: parameter) ?? Self.example(of: schema)
        // Options that the body may contain, too, are tried there in full, and in the query of one operation.
        let properties = bodyContent?["application/json"]?["schema"].map(description.document.resolved)?["properties"]
        let isShort = place == "query" && properties?[name] != nil && operation.path != "/api/v1/transcriptions"
        var values = Self.withoutLongWaits(EdgeValues.values(of: schema, example: example, isShort: isShort), name)
        if place == "query", name == "cursor" { values += scene.cursors[operation.path] ?? [] }
        return values.compactMap { value in
            if place == "path" && value.isEmpty { return nil }
            // HTTP allows no control characters in a header.
            if place == "header" && value.unicodeScalars.contains(where: { $0.value < 32 }) { return nil }
            return request(with: (place, name, value))
        }
    }

    private func request(with odd: (place: String, name: String, value: String)? = nil) -> EdgeRequest {
        var target = operation.path
        for (name, value) in path {
            let value = odd.flatMap { $0.place == "path" && $0.name == name ? Self.escaped($0.value) : nil } ?? value
            target = target.replacing("{\(name)}", with: value)
        }
        var query: [String: String] = [:]
        var headers: [String: String] = [:]
        for parameter in operation.parameters {
            guard let name = parameter["name"]?.text else { continue }
            switch parameter["in"]?.text {
            case "query":
                if parameter["required"] == .flag(true) { query[name] = Self.example(of: parameter).map(Self.escaped) }
                // Only the demo model is installed. A request for another one would wait for a download.
                if name == "model", operation.method == "POST" { query[name] = "demo" }
            case "header" where parameter["required"] == .flag(true): headers[name] = Self.example(of: parameter) ?? ""
            default: break
            }
        }
        if operation.path.hasSuffix("/ranges") { query.merge(["start": "0", "end": "1"]) { $1 } }
        if let odd, odd.place == "query" {
            // A cursor is valid only with the order of its list.
            let parts = odd.name == "cursor" ? odd.value.split(separator: "&", maxSplits: 1).map(String.init) : [odd.value]
            query[odd.name] = Self.escaped(parts.first ?? "") + (parts.count > 1 ? "&\(parts[1])" : "")
        }
        if let odd, odd.place == "header" { headers[odd.name] = odd.value }
        if !query.isEmpty { target += "?" + query.map { "\($0)=\($1)" }.joined(separator: "&") }
        let place = odd.map { "\($0.place) \($0.name) = \($0.value.prefix(60).debugDescription)" } ?? ""
        var request = EdgeRequest(method: operation.method, target: target, headers: headers, isEndless: isStream, place: place)
        addBody(to: &request)
        return request
    }

    /// Adds a valid body if the operation has one.
    private func addBody(to request: inout EdgeRequest) {
        let content = bodyContent ?? [:]
        if content["application/octet-stream"] != nil {
            (request.headers["Content-Type"], request.body) = ("audio/wav", scene.silence)
        } else if content["application/offset+octet-stream"] != nil {
            (request.headers["Content-Type"], request.body) = ("application/offset+octet-stream", Data("x".utf8))
        } else if let schema = content["multipart/form-data"]?["schema"].map(description.document.resolved) {
            let form = form(schema, [:])
            (request.headers["Content-Type"], request.body) = (form.contentType, form.data)
        }
    }

    // MARK: Bodies

    private func requests(_ type: String, _ schema: JSONValue, isShort: Bool) -> [EdgeRequest] {
        guard let properties = schema["properties"]?.object else { return [] }
        return properties.sorted { $0.key < $1.key }.flatMap { name, property -> [EdgeRequest] in
            let property = description.document.resolved(property)
            if type == "application/json" {
                return Self.withoutLongWaits(jsonValues(of: property, isShort: isShort), name).map { json in
                    let others = base(schema, without: name).map { "\(Self.quoted($0)):\($1)" }
                    let body = "{" + (others + ["\(Self.quoted(name)):\(json)"]).joined(separator: ",") + "}"
                    return request(type, Data(body.utf8), place: "\(name) = \(json)")
                }
            }
            guard property["format"] != .text("binary") else { return [] }
            let item = property["items"].map(description.document.resolved) ?? property
            var values = Self.withoutLongWaits(EdgeValues.values(of: item, example: Self.example(of: item), isShort: isShort), name)
            if name == "chunking_strategy" {
                values += ["threshold", "prefix_padding_ms", "silence_duration_ms"].flatMap { key in
                    (EdgeValues.integers + EdgeValues.numbers).map { "{\"type\":\"server_vad\",\"\(key)\":\($0)}" }
                }
            }
            return values.map { value in
                guard type == "multipart/form-data" else {
                    let fields = ["model": "demo"].merging([name: Self.escaped(value)]) { $1 }
                    return request(type, Data(fields.map { "\($0)=\($1)" }.joined(separator: "&").utf8), place: "\(name) = \(value)")
                }
                let form = form(schema, [name: value])
                return request(form.contentType, form.data, place: "\(name) = \(value)")
            }
        }
    }

    private func request(_ type: String, _ body: Data, place: String) -> EdgeRequest {
        var request = request()
        if operation.parameters.contains(where: { $0["name"] == "model" }), operation.path.hasSuffix("/transcriptions") {
            // The query takes precedence over the body.
            request.target = String(request.target.prefix { $0 != "?" })
        }
        (request.headers["Content-Type"], request.body) = (type, body)
        request.place = type.prefix { $0 != ";" } + " " + place.prefix(80).debugDescription
        return request
    }

    /// The edge values of a schema in JSON, those of inner properties and items included.
    private func jsonValues(of schema: JSONValue, isShort: Bool) -> [String] {
        let schema = description.document.resolved(schema)
        if let properties = schema["properties"]?.object {
            return EdgeValues.oddities
                + properties.sorted { $0.key < $1.key }.flatMap { name, property in
                    jsonValues(of: property, isShort: isShort).map { value in
                        let others = base(schema, without: name).map { "\(Self.quoted($0)):\($1)" }
                        return "{" + (others + ["\(Self.quoted(name)):\(value)"]).joined(separator: ",") + "}"
                    }
                }
        }
        if let items = schema["items"] { return EdgeValues.oddities + jsonValues(of: items, isShort: isShort).map { "[\($0)]" } }
        let values = EdgeValues.values(of: schema, example: Self.example(of: schema), isShort: isShort)
        return EdgeValues.oddities + values.flatMap(EdgeValues.json)
    }

    /// The other properties that make a body valid, so that the server reads the edge value.
    private func base(_ schema: JSONValue, without name: String) -> [(String, String)] {
        let right = [
            "model": "\"demo\"", "url": "\"http://\(scene.nowhere)/talk.wav\"", "start": "0", "end": "8640000", "text": "\"edited\"",
        ]
        let required = schema["required"]?.list?.compactMap(\.text) ?? []
        var base = right.filter { (required.contains($0.key) || $0.key == "model") && schema["properties"]?[$0.key] != nil }
        if name == "segments" { base["revision"] = revision }
        base[name] = nil
        return base.map { ($0.key, $0.value) }
    }

    private func form(_ schema: JSONValue, _ odd: [String: String]) -> MultipartForm {
        var form = MultipartForm()
        for (name, property) in schema["properties"]?.object ?? [:] {
            if description.document.resolved(property)["format"] == .text("binary") {
                form.addFile(name, filename: "silence.wav", scene.silence)
            } else if name == "model", odd["model"] == nil {
                form.add(name, "demo")
            }
        }
        for (name, value) in odd { form.add(name, value) }
        return form
    }

    // MARK: Words

    private static func example(of described: JSONValue) -> String? {
        let value = described["example"] ?? described["examples"]?.list?.first ?? described["default"]
        if let number = value?.number { return number == number.rounded() ? String(format: "%.0f", number) : "\(number)" }
        return value?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Leaves out the longest waits: the server accepts them, and the test would wait that long.
    private static func withoutLongWaits(_ values: [String], _ name: String) -> [String] {
        name == "wait" ? values.filter { !["3599", "3600", "\"3599\"", "\"3600\""].contains($0) } : values
    }

    private static func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text }

    private static func quoted(_ text: String) -> String { "\"\(text)\"" }
}
