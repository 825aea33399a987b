import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// What Earshot tells a service manager that waits for it, here over a socket of the test's own.
    @Suite(.freshDatabase) struct ServiceManagerTests {
        @Test("Earshot says that it is ready, that it lives while the API answers, and that it stops")
        func messages() async throws {
            try await TemporaryFolder.with { folder in
                let socket = try NotifySocket(folder.appending("notify"))
                defer { socket.close() }
                // The worker's process gets the address itself.
                let secret = folder.appending("url")
                try secret.write(Data(FreshDatabase.conninfo.utf8))
                let environment = [
                    "DATABASE_URL_FILE": secret.string, "NOTIFY_SOCKET": folder.appending("notify").string, "WATCHDOG_USEC": "1000000",
                ]
                try await RunningEarshot.with(environment: environment) { earshot in
                    var received: [String] = []
                    try await eventually {
                        received += socket.messages()
                        return received.count >= 4
                    }
                    #expect(received.first == "READY=1")
                    #expect(received.dropFirst().allSatisfy { $0 == "WATCHDOG=1" })

                    try await eventually { try await earshot.command(["health", "worker"]).code == 0 }

                    // A process whose event loops do not run says nothing; one message may have been on its way.
                    let id = try #require(await earshot.processID)
                    kill(id, SIGSTOP)
                    _ = socket.messages()
                    #expect(socket.messages().isEmpty)
                    kill(id, SIGCONT)
                    try await eventually { socket.messages().contains("WATCHDOG=1") }

                    try await earshot.terminate()
                    #expect(socket.messages().last == "STOPPING=1")
                }
            }
        }
    }
}

/// A datagram socket with a name in the file system.
private final class NotifySocket: Sendable {
    private let descriptor: Int32

    init(_ path: FilePath) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.string.utf8)
        try #require(name.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        try #require(bound == 0)
    }

    /// The messages that arrived since the last call.
    func messages() -> [String] {
        var messages: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let length = recv(descriptor, &buffer, buffer.count, 0)
            guard length > 0 else { return messages }
            messages.append(String(decoding: buffer[..<length], as: UTF8.self))
        }
    }

    func close() {
        _ = Foundation.close(descriptor)
    }
}
