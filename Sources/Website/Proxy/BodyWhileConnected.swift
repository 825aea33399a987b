import HTTPSupport
import NIOCore

/// An answer's body that ends with an error when its client disconnects, even while it yields nothing.
struct BodyWhileConnected<Base: AsyncSequence & Sendable>: AsyncSequence where Base.Element == ByteBuffer {
    let base: Base
    /// The client's connection.
    let channel: any Channel

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let source: Source<Base>
        fileprivate let channel: any Channel

        mutating func next() async throws -> ByteBuffer? {
            let source = source
            return try await ConnectionWatch.whileConnected(channel) { try await source.next() }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: Source(base), channel: channel)
    }
}

/// A sequence's iterator that a child task may use; at most one `next` is pending.
private actor Source<Base: AsyncSequence & Sendable> where Base.Element == ByteBuffer {
    private var iterator: Base.AsyncIterator

    init(_ base: Base) {
        iterator = base.makeAsyncIterator()
    }

    func next() async throws -> ByteBuffer? {
        var reader = iterator
        defer { iterator = reader }
        return try await reader.next(isolation: self)
    }
}
