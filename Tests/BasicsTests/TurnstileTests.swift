import TestSupport
import Testing

@testable import Basics

struct TurnstileTests {
    @Test("so many are inside at the same time, the others come in order, and those too many or too late are refused")
    func limit() async throws {
        let turnstile = Turnstile(places: 1, waiting: 2, wait: .seconds(60))
        let (permits, permit) = AsyncStream.makeStream(of: Void.self)
        let (entries, entry) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await turnstile.pass {
                entry.yield()
                for await _ in permits { break }
            }
        }
        for await _ in entries { break }
        var others: [Task<Int, any Error>] = []
        for number in 1...2 {
            others.append(Task { try await turnstile.pass { number } })
            try await eventually { turnstile.waitingCount == number }
        }
        await #expect(throws: Turnstile.Refusal.self) { try await turnstile.pass {} }
        others[0].cancel()
        await #expect(throws: CancellationError.self) { try await others[0].value }
        permit.yield()
        try await first.value
        #expect(try await others[1].value == 2)
    }

    @Test("who waits too long is refused")
    func wait() async throws {
        let turnstile = Turnstile(places: 1, waiting: 9, wait: .milliseconds(50))
        try await turnstile.pass {
            _ = await #expect(throws: Turnstile.Refusal.self) { try await turnstile.pass {} }
        }
        #expect(try await turnstile.pass { 5 } == 5)
    }

    @Test("a task that never ends is left behind in time")
    func leftBehind() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        let endless = Task { await stream.first { _ in true } }
        #expect(try await endless.value(within: .milliseconds(20)) == nil)
        continuation.yield(3)
        #expect(try await endless.value(within: .seconds(60)) == 3)
    }
}
