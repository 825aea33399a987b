import Foundation
import Synchronization
import Testing

/// Checks every answer that a test gets from a running Earshot against the API's own description: a difference is an issue of
/// the test that got it.
package final class APIContract: Sendable {
    /// The contract of all tests, since all run the same program.
    static let shared = APIContract()

    private let description = Mutex<APIDescription?>(nil)

    /// Reads the description from a server once; until then nothing is checked.
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
