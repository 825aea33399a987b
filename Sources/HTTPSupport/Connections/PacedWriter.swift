import Hummingbird
import NIOCore

/// Writes an answer no faster than its client reads.
///
/// What is written to a connection is handed to its event loop, which learns only when it writes that the system accepts no more. A quick
/// writer would be megabytes ahead by then. So this one waits for the event loop after each piece.
package struct PacedWriter: Sendable {
    private let channel: any Channel

    package init(_ channel: any Channel) {
        self.channel = channel
    }

    package func write(_ piece: ByteBuffer, to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(piece)
        try await channel.eventLoop.submit {}.get()
    }
}
