import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real web server on this machine that has models as huggingface.co does, and misbehaves to order.
///
/// A request for a file is answered with a redirect that tells the file's checksum and length, and the redirect's goal with the bytes.
package final class LocalHub: Sendable {
    /// Something that goes wrong with one answer.
    package enum Fault: Sendable, Hashable {
        /// The connection ends after so many bytes of the body.
        case breakOff(after: Int)
        /// Nothing more comes after so many bytes of the body until ``release()`` is called; then the rest.
        case stall(after: Int)
        /// One byte in the middle of the body is another.
        case wrongByte
        /// The whole file comes although a part was asked for.
        case ignoreRange
        /// This status comes instead of a file, with a wish when to come again in seconds.
        case status(Int, retryAfter: Int? = nil)
    }

    /// How the hub is, as long as nobody changes it.
    package struct Manner: Sendable, Hashable {
        /// Whether requests are sent on to another place, as large files are.
        package var redirects: Bool
        /// Whether it tells the file's SHA-256 and length before the file itself.
        package var tellsChecksums: Bool
        /// Whether the server with the bytes gives them a tag.
        package var tags: Bool
        /// How fast bytes come; nil for as fast as they can.
        package var bytesPerSecond: Int?

        /// The manner of huggingface.co, or another.
        package init(redirects: Bool = true, tellsChecksums: Bool = true, tags: Bool = true, bytesPerSecond: Int? = nil) {
            self.redirects = redirects
            self.tellsChecksums = tellsChecksums
            self.tags = tags
            self.bytesPerSecond = bytesPerSecond
        }
    }

    /// A request as it came.
    package struct Request: Sendable, Hashable {
        /// The path with the query.
        package let path: String
        /// The value of the header of that name; nil if there was none.
        package let host, range, ifRange: String?
        /// Whether it was for the bytes, not for the redirect to them.
        package let isForBytes: Bool
        /// The status of the answer.
        package let status: Int
    }

    struct State {
        var files: [String: Data] = [:]
        var headers: [String: HTTPHeaders] = [:]
        var redirects: [String: String] = [:]
        var manner = Manner()
        var orders: [Fault] = []
        var requests: [Request] = []
        var gates: [AsyncStream<Void>.Continuation] = []
    }

    /// The address of its root, "http://127.0.0.1:8080".
    package let address: String
    let state = Mutex(State())

    private init(address: String) {
        self.address = address
    }

    /// Runs a hub on a free port for as long as the work takes.
    package static func with<Value: Sendable>(_ work: @Sendable (LocalHub) async throws -> Value) async throws -> Value {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        let hub = LocalHub(address: "http://127.0.0.1:\(server.channel.localAddress?.port ?? 0)")
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await hub.serve(server) }
            defer { group.cancelAll() }
            return try await work(hub)
        }
    }

    /// Has a file, or another one, at a path: "ggerganov/whisper.cpp/resolve/main/ggml-base.bin".
    package func put(_ data: Data, at path: String) {
        state.withLock { $0.files["/\(path)"] = data }
    }

    /// Has a file at a path and says more of it, such as its Content-Disposition.
    package func put(_ data: Data, at path: String, saying headers: [(String, String)]) {
        state.withLock { state in
            state.files["/\(path)"] = data
            state.headers["/\(path)"] = HTTPHeaders(headers)
        }
    }

    /// Sends whoever asks for a path on to another place, whose address may be any text.
    package func redirect(_ path: String, to location: String) {
        state.withLock { $0.redirects["/\(path)"] = location }
    }

    /// Makes the next answers go wrong, one fault each. A status takes the place of the first answer to a request, redirect or bytes; the
    /// other faults wait for the next answer with bytes.
    package func order(_ fault: Fault, times: Int = 1) {
        state.withLock { $0.orders += Array(repeating: fault, count: times) }
    }

    /// How it is.
    package var manner: Manner {
        get { state.withLock { $0.manner } }
        set { state.withLock { $0.manner = newValue } }
    }

    /// The requests that were answered so far, in order.
    package var requests: [Request] { state.withLock { $0.requests } }

    /// The requests for bytes, in order.
    package var requestsForBytes: [Request] { requests.filter(\.isForBytes) }

    /// Lets every answer go on that has stalled.
    package func release() {
        let gates = state.withLock { state in
            defer { state.gates = [] }
            return state.gates
        }
        for gate in gates { gate.finish() }
    }

    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
}
