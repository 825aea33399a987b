import NIOCore
import NIOHTTPTypes

/// Closes the connection of a client that takes too long to send a request's head, or that does not read the answer.
///
/// Silence between and during requests is Hummingbird's to notice. It cannot see a head that drips, because it sees whole heads only, nor
/// an answer that stays in the connection's buffer.
final class ClientPace: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private enum Reading {
        /// Nothing of a request has arrived.
        case nothing
        case head(limit: Scheduled<Void>)
        case body
    }

    private let headLimit: TimeAmount
    private let longestSilence: TimeAmount
    private let open: OpenConnections
    private var reading = Reading.nothing
    private var stall: Scheduled<Void>?

    init(headLimit: Duration, longestSilence: Duration, open: OpenConnections) {
        self.headLimit = TimeAmount(headLimit)
        self.longestSilence = TimeAmount(longestSilence)
        self.open = open
    }

    func handlerAdded(context: ChannelHandlerContext) {
        open.add(context.channel)
        let first = FirstBytes { [weak self] context in self?.receiveBytes(context) }
        do {
            try context.pipeline.syncOperations.addHandler(first, position: .first)
        } catch {
            context.close(promise: nil)
        }
    }

    private func receiveBytes(_ context: ChannelHandlerContext) {
        guard case .nothing = reading else { return }
        reading = .head(limit: schedule(after: headLimit, context) { $0.close(promise: nil) })
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let limit) = reading { limit.cancel() }
        if case .end = unwrapInboundIn(data) { reading = .nothing } else { reading = .body }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if !context.channel.isWritable { watchBuffer(context) }
        context.fireChannelWritabilityChanged()
    }

    /// Closes the connection if its full buffer is as full after the longest silence.
    private func watchBuffer(_ context: ChannelHandlerContext) {
        let before = buffered(context)
        stall = schedule(after: longestSilence, context) { [weak self] context in
            guard let self else { return }
            if buffered(context) < before { watchBuffer(context) } else { context.close(promise: nil) }
        }
    }

    /// The number of bytes that the system has not accepted yet.
    private func buffered(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    private func schedule(
        after time: TimeAmount,
        _ context: ChannelHandlerContext,
        _ work: @escaping (ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { work(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if case .head(let limit) = reading { limit.cancel() }
        stall?.cancel()
    }
}

/// Tells of bytes before they are parsed.
private final class FirstBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let arrived: (ChannelHandlerContext) -> Void

    init(arrived: @escaping (ChannelHandlerContext) -> Void) {
        self.arrived = arrived
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        arrived(context)
        context.fireChannelRead(data)
    }
}
