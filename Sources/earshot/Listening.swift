import Foundation
import NIOCore
import ServiceLifecycle

/// A server that explains what to do when its port is taken.
struct Listening: Service {
    let server: any Service
    let port: Int
    /// The setting that chooses the port.
    let setting: String

    func run() async throws {
        do {
            try await server.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw CommandError("Another program uses port \(port). Stop that program, or choose another port: \(setting)=\(port + 1)")
        }
    }
}
