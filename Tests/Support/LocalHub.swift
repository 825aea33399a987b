import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real web server on this machine that serves models as huggingface.co does, with faults on request.
///
/// A request for a file is answered with a redirect that contains the file's checksum and length, and the redirect's goal with the bytes.
package final class LocalHub: Sendable {
    /// A fault of one answer.
    package enum Fault: Sendable, Hashable {
        /// The connection ends after so many bytes of the body.
        case breakOff(after: Int)
        /// The body stops after so many bytes until ``release()`` is called; then the rest follows.
        case stall(after: Int)
        /// One byte in the middle of the body is wrong.
        case wrongByte
        /// The whole file is sent although a part was requested.
        case ignoreRange
        /// This status is sent instead of a file, with Retry-After in seconds.
        case status(Int, retryAfter: Int? = nil)
    }

    /// How the hub answers.
    package struct Manner: Sendable, Hashable {
        /// Whether requests are redirected, as those for large files are.
        package var redirects: Bool
        /// Whether the redirect contains the file's SHA-256 and length.
        package var tellsChecksums: Bool
        /// Whether the answer with the bytes has an ETag.
        package var tags: Bool
        /// Bytes per second; nil for no limit.
        package var bytesPerSecond: Int?

        /// The manner of huggingface.co, or another.
        package init(redirects: Bool = true, tellsChecksums: Bool = true, tags: Bool = true, bytesPerSecond: Int? = nil) {
            self.redirects = redirects
            self.tellsChecksums = tellsChecksums
            self.tags = tags
            self.bytesPerSecond = bytesPerSecond
        }
    }

    /// A request that was received.
    package struct Request: Sendable, Hashable {
        /// The path with the query.
        package let path: String
        /// The value of the header of that name; nil if there was none.
        package let host, range, ifRange: String?
        /// Whether the request was for the bytes, not for the redirect to them.
        package let isForBytes: Bool
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

    /// Runs a hub on a free port while the work runs.
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

    /// Stores a file at a path, or replaces it: "ggerganov/whisper.cpp/resolve/main/ggml-base.bin".
    package func put(_ data: Data, at path: String) {
        state.withLock { $0.files["/\(path)"] = data }
    }

    /// Stores a file at a path with more headers, such as its Content-Disposition.
    package func put(_ data: Data, at path: String, saying headers: [(String, String)]) {
        state.withLock { state in
            state.files["/\(path)"] = data
            state.headers["/\(path)"] = HTTPHeaders(headers)
        }
    }

    /// Redirects requests for a path to another address, which may be any text.
    package func redirect(_ path: String, to location: String) {
        state.withLock { $0.redirects["/\(path)"] = location }
    }

    /// Makes the next answers fail, one fault each. A status replaces the first answer to a request, redirect or bytes; the
    /// other faults wait for the next answer with bytes.
    package func order(_ fault: Fault, times: Int = 1) {
        state.withLock { $0.orders += Array(repeating: fault, count: times) }
    }

    package var manner: Manner {
        get { state.withLock { $0.manner } }
        set { state.withLock { $0.manner = newValue } }
    }

    /// The requests that were answered so far, in order.
    package var requests: [Request] { state.withLock { $0.requests } }

    /// The requests for bytes, in order.
    package var requestsForBytes: [Request] { requests.filter(\.isForBytes) }

    /// Resumes every stalled answer.
    package func release() {
        let gates = state.withLock { state in
            defer { state.gates = [] }
            return state.gates
        }
        for gate in gates { gate.finish() }
    }

    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
}
