import Synchronization

/// A number that several tasks count up and down.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock(\.self) }

    func add(_ amount: Int) {
        count.withLock { $0 += amount }
    }
}

/// Wakes every reader; several signals may become one.
final class WakeUpCall: Sendable {
    private let readers = Mutex<[AsyncStream<Void>.Continuation]>([])

    func signals() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        readers.withLock { $0.append(continuation) }
        return stream
    }

    func signal() {
        for reader in readers.withLock(\.self) { reader.yield() }
    }
}
