import Foundation
import HTTPSupport
import NIOCore
import ServiceLifecycle

/// A server that explains what to do when its port is taken, and that takes a limited time to stop.
struct Listening: Service {
    let server: any Service
    let port: Int
    /// The setting that chooses the port.
    let setting: String
    let drain: Drain
    let connections: OpenConnections

    func run() async throws {
        do {
            try await drain.run(server, closing: connections)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw CommandError("Another program uses port \(port). Stop that program, or choose another port: \(setting)=\(port + 1)")
        }
    }
}
