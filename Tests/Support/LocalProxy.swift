import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real forward proxy on this machine: it opens tunnels (HTTP's CONNECT), all to one server whatever their goal, and records the goals.
package final class LocalProxy: Sendable {
    package let port: Int
    private let asked = Mutex<[Tunnel]>([])

    /// A requested tunnel.
    package struct Tunnel: Sendable, Hashable {
        /// The goal, "hub.example:80".
        package let goal: String
        /// The credentials of the request, unchanged.
        package let authorization: String?

        /// A tunnel to compare with.
        package init(goal: String, authorization: String?) {
            self.goal = goal
            self.authorization = authorization
        }
    }

    private init(port: Int) {
        self.port = port
    }

    /// The requested tunnels so far, in order.
    package var tunnels: [Tunnel] { asked.withLock { $0 } }

    /// Runs a proxy on a free port while the work runs; all its tunnels end at a port of this machine.
    package static func with<Value: Sendable>(
        leadingTo goal: Int,
        _ work: @Sendable (LocalProxy) async throws -> Value
    ) async throws -> Value {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
        let proxy = LocalProxy(port: server.channel.localAddress?.port ?? 0)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await connection in connections {
                            group.addTask { try? await proxy.serve(connection, goal: goal) }
                        }
                    }
                }
            }
            defer { group.cancelAll() }
            return try await work(proxy)
        }
    }

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Reads the request up to its empty line, agrees, and passes bytes on in both directions until either side ends.
    private func serve(_ client: Connection, goal: Int) async throws {
        try await client.executeThenClose { inbound, outbound in
            var bytes = inbound.makeAsyncIterator()
            var head = ""
            while !head.hasSuffix("\r\n\r\n"), let piece = try await bytes.next() { head += String(buffer: piece) }
            let lines = head.split(separator: "\r\n")
            let words = lines.first?.split(separator: " ") ?? []
            guard words.count == 3, words[0] == "CONNECT" else { return }
            let authorization = lines.first { $0.lowercased().hasPrefix("proxy-authorization: ") }.map { String($0.dropFirst(21)) }
            asked.withLock { $0.append(Tunnel(goal: String(words[1]), authorization: authorization)) }
            let server = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: goal) { channel in
                    channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
                }
            try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"))
            try await server.executeThenClose { fromServer, toServer in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for try await piece in fromServer { try await outbound.write(piece) } }
                    while let piece = try await bytes.next() { try await toServer.write(piece) }
                    group.cancelAll()
                }
            }
        }
    }
}
