import HTTPTypes
import Hummingbird
import NIOCore

/// Collects an answer's body up to a limit; used by one task.
final class ByteSink: ResponseBodyWriter {
    private(set) var bytes = ByteBuffer()
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    func write(_ buffer: ByteBuffer) async throws {
        guard bytes.readableBytes + buffer.readableBytes <= limit else { throw Problem.apiBrokeOff }
        bytes.writeImmutableBuffer(buffer)
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
