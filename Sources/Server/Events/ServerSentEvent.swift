import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// One event of a stream, encoded (WHATWG HTML, 9.2).
struct ServerSentEvent: Sendable {
    let encoded: ByteBuffer

    /// - Parameter name: Nil for clients that look at the data only.
    init(id: String? = nil, name: String? = nil, data: some Encodable) throws {
        self.init(id: id, name: name, json: try JSONEncoder.apiText(of: data))
    }

    /// - Parameter json: The data as JSON.
    init(id: String? = nil, name: String?, json: String) {
        var text = ""
        if let id { text += "id: \(id)\n" }
        if let name { text += "event: \(name)\n" }
        for line in json.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { text += "data: \(line)\n" }
        encoded = ByteBuffer(string: text + "\n")
    }

    /// A comment line, which clients ignore: writing it detects clients that have disconnected.
    ///
    /// - Parameter position: The id with which the client should reconnect; a block without data sets it without being an event.
    static func heartbeat(position: String? = nil) -> ByteBuffer {
        ByteBuffer(string: ": \n" + (position.map { "id: \($0)\n" } ?? "") + "\n")
    }
}

extension Request {
    /// The id of the last event that a reconnecting client has received.
    var lastEventID: String? { HTTPField.Name("Last-Event-ID").flatMap { headers[$0] } }
}
