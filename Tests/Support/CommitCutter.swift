import NIOCore
import NIOPosix
import Synchronization
import SystemPackage

/// A real proxy in front of a PostgreSQL server that cuts a connection at its COMMIT, once for each order.
package final class CommitCutter: Sendable {
    /// Where the connection is cut.
    package enum Cut: Sendable, CaseIterable {
        /// The server never receives the COMMIT.
        case beforeServer
        /// The server commits, but its answer is lost.
        case beforeClient
    }

    private let goal: String
    private let folder: FilePath
    private let orders = Mutex<[Cut]>([])
    private let madeCuts = Mutex(0)

    private init(goal: String, folder: FilePath) {
        self.goal = goal
        self.folder = folder
    }

    /// Orders the next COMMIT to be cut.
    package func order(_ cut: Cut) {
        orders.withLock { $0.append(cut) }
    }

    /// The number of connections that were cut.
    package var cuts: Int { madeCuts.withLock { $0 } }

    /// The connection string of a database behind the proxy.
    ///
    /// - Parameter conninfo: Of the same database without it.
    private static func address(of conninfo: String) -> (folder: String, port: String) {
        let words = Dictionary(
            conninfo.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1) }.filter { $0.count == 2 }
                .map { (String($0[0]), $0[1].trimmingPrefix("'").replacing("'", with: "")) },
            uniquingKeysWith: { $1 }
        )
        return (words["host"].map(String.init) ?? "", words["port"].map(String.init) ?? "5432")
    }

    /// Runs a proxy in front of a database's server while the work runs.
    package static func with<Value: Sendable>(
        _ conninfo: String,
        _ work: @Sendable (_ cutter: CommitCutter, _ conninfo: String) async throws -> Value
    ) async throws -> Value {
        let folder = try TemporaryFolder.make()
        let (host, port) = address(of: conninfo)
        let cutter = CommitCutter(goal: "\(host)/.s.PGSQL.\(port)", folder: folder)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: folder.appending(".s.PGSQL.5432").string) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await connection in connections { group.addTask { try? await cutter.serve(connection) } }
                    }
                }
            }
            defer { group.cancelAll() }
            return try await work(cutter, "\(conninfo) host=\(folder) port=5432")
        }
    }

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Whether a connection is to be cut, for the tasks of both directions.
    private final class Order: Sendable {
        let cut = Mutex<Cut?>(nil)
    }

    private func serve(_ client: Connection) async throws {
        let order = Order()
        try await client.executeThenClose { fromClient, toClient in
            let server = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: goal) { channel in
                    channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
                }
            try await server.executeThenClose { fromServer, toServer in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        // The answer to the COMMIT, which proves that it is done, goes nowhere.
                        for try await piece in fromServer {
                            if order.cut.withLock({ $0 }) != nil { break }
                            try await toClient.write(piece)
                        }
                        try? await client.channel.close()
                    }
                    defer { group.cancelAll() }
                    for try await piece in fromClient {
                        if String(buffer: piece).contains("COMMIT"), let cut = nextOrder() {
                            order.cut.withLock { $0 = cut }
                            if cut == .beforeServer { return }
                        }
                        try await toServer.write(piece)
                        if order.cut.withLock({ $0 }) == .beforeClient { break }
                    }
                    try await group.next()
                }
            }
        }
    }

    private func nextOrder() -> Cut? {
        let order = orders.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if order != nil { madeCuts.withLock { $0 += 1 } }
        return order
    }
}
