import Foundation
import Synchronization
import Testing

/// Holds every answer that a test gets from a running Earshot against the API's own description: what is not described is an issue of
/// the test that met it.
package final class APIContract: Sendable {
    /// The one of all tests, since all run the same program.
    static let shared = APIContract()

    private let description = Mutex<APIDescription?>(nil)

    /// Reads the description from a server, unless that has been done; until then nothing is held against it.
    func load(from server: HTTPServer) async throws {
        guard description.withLock({ $0 == nil }) else { return }
        let answer = try await HTTPServer(address: server.address).ask("GET", "/openapi.json")
        let read = try APIDescription(answer.body)
        description.withLock { $0 = read }
    }

    func hold(_ answer: HTTPAnswer, to method: String, _ target: String) {
        let faults = description.withLock { $0 }?.faults(of: answer, to: method, target) ?? []
        for fault in faults { Issue.record("/openapi.json: \(method) \(target) \(fault)") }
    }

    func hold(_ event: ServerSentEvent, from target: String) {
        let faults = description.withLock { $0 }?.faults(of: event, from: target) ?? []
        for fault in faults { Issue.record("/openapi.json: GET \(target) \(fault)") }
    }
}
