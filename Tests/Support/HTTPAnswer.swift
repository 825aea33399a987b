import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The answer of a server.
package struct HTTPAnswer: Sendable {
    package let status: Int
    /// The headers, by name in lower case; of several of one name the last.
    package let headers: [String: String]
    package let body: Data

    /// Makes an answer of its parts, for answers that did not come through ``HTTPServer``.
    package init(status: Int, headers: [String: String] = [:], body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The body, decoded from JSON with names_like_this.
    package func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: body)
        } catch {
            throw UnexpectedAnswer(description: "\(status) with a body that is no \(type): \(text.prefix(500)) (\(error))")
        }
    }
}

/// An unexpected answer.
package struct UnexpectedAnswer: Error, CustomStringConvertible {
    package let description: String
}

/// A server that tests send requests to.
package struct HTTPServer: Sendable {
    /// The address of its root, "http://127.0.0.1:8001".
    package let address: String

    private let contract: APIContract?

    /// A server by the address of its root, and the contract that its answers are checked against.
    package init(address: String, contract: APIContract? = nil) {
        self.address = address
        self.contract = contract
    }

    /// Sends a request and reads the whole answer, whatever its status.
    package func ask(
        _ method: String = "GET",
        _ path: String,
        headers: [String: String] = [:],
        body: Data? = nil,
        within limit: Duration = .seconds(60)
    ) async throws -> HTTPAnswer {
        let body = body.map { HTTPClientRequest.Body.bytes(ByteBuffer(bytes: $0)) }
        let response = try await start(method, path, headers: headers, body: body, within: limit)
        let bytes = try await response.body.collect(upTo: 1 << 30)
        var fields: [String: String] = [:]
        for field in response.headers { fields[field.name.lowercased()] = field.value }
        let answer = HTTPAnswer(status: Int(response.status.code), headers: fields, body: Data(bytes.readableBytesView))
        contract?.hold(answer, to: method, path)
        return answer
    }

    /// Sends JSON and reads the whole answer.
    package func send(_ method: String, _ path: String, json: JSONValue) async throws -> HTTPAnswer {
        try await ask(method, path, headers: ["Content-Type": "application/json"], body: JSONEncoder().encode(json))
    }

    /// Requests a stream of events and reads it up to the last wanted event, or to its end.
    package func events(
        _ path: String,
        after lastEventID: String? = nil,
        within limit: Duration = .seconds(300),
        until isLast: (ServerSentEvent) -> Bool
    ) async throws -> [ServerSentEvent] {
        let headers = ["Accept": "text/event-stream"].merging(lastEventID.map { ["Last-Event-ID": $0] } ?? [:]) { $1 }
        let response = try await start("GET", path, headers: headers, body: nil, within: limit)
        guard response.status == .ok else { throw UnexpectedAnswer(description: "\(response.status) instead of a stream of events") }
        var parser = ServerSentEvent.Parser()
        var events: [ServerSentEvent] = []
        for try await piece in response.body {
            for event in parser.feed(Data(piece.readableBytesView)) {
                contract?.hold(event, from: path)
                events.append(event)
                if isLast(event) { return events }
            }
        }
        return events
    }

    /// Sends a request and returns the status as soon as the answer begins, for answers without an end.
    package func status(_ method: String = "GET", _ path: String, headers: [String: String] = [:]) async throws -> Int {
        Int(try await start(method, path, headers: headers, body: nil).status.code)
    }

    /// Sends a request and returns as soon as the answer begins.
    func start(
        _ method: String,
        _ path: String,
        headers: [String: String],
        body: HTTPClientRequest.Body?,
        within limit: Duration = .seconds(60)
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address + path)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        request.body = body
        return try await HTTPClient.shared.execute(request, timeout: TimeAmount(limit))
    }
}

/// One event of a stream.
package struct ServerSentEvent: Sendable, Hashable {
    package var event = "message"
    package var id: String?
    package var data = ""

    package init(event: String = "message", id: String? = nil, data: String = "") {
        self.event = event
        self.id = id
        self.data = data
    }

    /// The data, decoded from JSON with names_like_this.
    package func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try HTTPAnswer(status: 200, body: Data(data.utf8)).json(type)
    }

    /// Cuts the bytes of a stream into events.
    struct Parser {
        private var pending = Data()

        mutating func feed(_ bytes: Data) -> [ServerSentEvent] {
            pending.append(bytes)
            var events: [ServerSentEvent] = []
            while let end = pending.firstRange(of: Data("\n\n".utf8)) {
                let block = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
                pending = Data(pending[end.upperBound...])
                if let event = Self.event(block) { events.append(event) }
            }
            return events
        }

        /// A block without data, such as a keep-alive comment, is not an event.
        private static func event(_ block: String) -> ServerSentEvent? {
            var event = ServerSentEvent()
            var data: [String] = []
            for line in block.split(separator: "\n") where !line.hasPrefix(":") {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let value = parts.count > 1 ? String(parts[1].hasPrefix(" ") ? parts[1].dropFirst() : parts[1]) : ""
                switch parts[0] {
                case "event": event.event = value
                case "id": event.id = value
                case "data": data.append(value)
                default: break
                }
            }
            event.data = data.joined(separator: "\n")
            return data.isEmpty ? nil : event
        }
    }
}
