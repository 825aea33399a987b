import Hummingbird
import NIOCore

/// A request's body lent to the HTTP client, which may stop reading at any time; only one task reads at once.
///
/// Hummingbird reads the rest of a body after its answer. If the client's task still waited for a byte then, two tasks would
/// read one connection. So the lease is closed, and a pending read is awaited, before an answer is sent.
actor RequestBodyLease: AsyncSequence {
    typealias Element = ByteBuffer

    /// The announced number of bytes, if any.
    nonisolated let length: Int?

    private var iterator: RequestBody.AsyncIterator
    private var delivered = 0
    private var hasEnded = false
    private var isClosed = false
    private var isReading = false
    private var waiting: CheckedContinuation<Void, Never>?

    init(_ body: RequestBody, length: Int?) {
        iterator = body.makeAsyncIterator()
        self.length = length
    }

    /// Whether every byte was delivered.
    var isDelivered: Bool {
        hasEnded || (length.map { delivered >= $0 } ?? false)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let lease: RequestBodyLease

        mutating func next() async throws -> ByteBuffer? {
            try await lease.next()
        }
    }

    nonisolated func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(lease: self)
    }

    private func next() async throws -> ByteBuffer? {
        guard !isClosed else { throw CancellationError() }
        let chunk = try await read()
        guard !isClosed else { throw CancellationError() }
        delivered += chunk?.readableBytes ?? 0
        return chunk
    }

    private func read() async throws -> ByteBuffer? {
        guard !hasEnded else { return nil }
        isReading = true
        var reader = iterator
        defer {
            isReading = false
            waiting?.resume()
            waiting = nil
        }
        do {
            let chunk = try await reader.next(isolation: self)
            iterator = reader
            if chunk == nil { hasEnded = true }
            return chunk
        } catch {
            hasEnded = true
            throw error
        }
    }

    /// Ends the lease: no new read begins, and a pending one has ended when this returns.
    func close() async {
        isClosed = true
        guard isReading else { return }
        await withCheckedContinuation { waiting = $0 }
    }

    /// Ends the lease and discards what the client still sends; closes the connection if that takes more than ten seconds.
    func drain(closing channel: any Channel) async {
        let patience = channel.eventLoop.scheduleTask(in: .seconds(10)) { channel.close(promise: nil) }
        await close()
        while !hasEnded { _ = try? await read() }
        patience.cancel()
    }
}
