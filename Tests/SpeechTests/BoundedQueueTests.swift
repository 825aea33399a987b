import Synchronization
import Testing

@testable import Speech

@Suite("A bounded queue")
struct BoundedQueueTests {
    @Test("hands everything on in order, and its sender is never far ahead", arguments: [1, 2, 5])
    func order(_ capacity: Int) async throws {
        let queue = BoundedQueue<Int>(capacity: capacity)
        let sent = Mutex(0)
        let sender = Task {
            for number in 0..<200 {
                try await queue.send(number)
                sent.withLock { $0 = number + 1 }
            }
            queue.finish()
        }
        var received = 0
        while let number = try await queue.next() {
            #expect(number == received)
            received += 1
            #expect(sent.withLock(\.self) <= received + capacity)
        }
        #expect(received == 200)
        try await sender.value
    }

    @Test("an error comes after what was sent before it, and ends the sender too")
    func error() async throws {
        struct Failure: Error {}
        let queue = BoundedQueue<Int>(capacity: 4)
        try await queue.send(1)
        queue.finish(throwing: Failure())
        #expect(try await queue.next() == 1)
        await #expect(throws: Failure.self) { try await queue.next() }
        await #expect(throws: Failure.self) { try await queue.send(2) }
    }

    @Test("whoever waits when the other is cancelled is let go")
    func cancellation() async throws {
        let full = BoundedQueue<Int>(capacity: 1)
        let sender = Task { for number in 0... { try await full.send(number) } }
        _ = try await full.next()
        sender.cancel()
        await #expect(throws: CancellationError.self) { try await sender.value }
        await #expect(throws: CancellationError.self) { while try await full.next() != nil {} }
        let empty = BoundedQueue<Int>(capacity: 1)
        let receiver = Task { try await empty.next() }
        await Task.yield()
        receiver.cancel()
        await #expect(throws: CancellationError.self) { _ = try await receiver.value }
        await #expect(throws: CancellationError.self) { try await empty.send(1) }
    }
}
