import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// One event of a stream (WHATWG HTML, 9.2), as it goes over the line.
struct ServerSentEvent: Sendable {
    let encoded: ByteBuffer

    /// - Parameter name: Left out where clients go by the data alone.
    init(id: String? = nil, name: String? = nil, data: some Encodable) throws {
        self.init(id: id, name: name, json: try JSONEncoder.apiText(of: data))
    }

    /// - Parameter json: The data, which is JSON already.
    init(id: String? = nil, name: String?, json: String) {
        var text = ""
        if let id { text += "id: \(id)\n" }
        if let name { text += "event: \(name)\n" }
        for line in json.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { text += "data: \(line)\n" }
        encoded = ByteBuffer(string: text + "\n")
    }

    /// A comment line, which clients ignore; a client that has gone away is noticed by writing.
    ///
    /// - Parameter position: An id for the client to come back with; a block without data is no event, but sets it.
    static func heartbeat(position: String? = nil) -> ByteBuffer {
        ByteBuffer(string: ": \n" + (position.map { "id: \($0)\n" } ?? "") + "\n")
    }
}

extension Request {
    /// The id of the last event that a client has seen which comes back.
    var lastEventID: String? { HTTPField.Name("Last-Event-ID").flatMap { headers[$0] } }
}
