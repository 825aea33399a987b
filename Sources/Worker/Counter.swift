import Synchronization

/// A counter that several tasks change.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock(\.self) }

    func add(_ amount: Int) {
        count.withLock { $0 += amount }
    }
}
