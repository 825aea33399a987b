import Testing

@testable import Server

struct SharedReadsTests {
    /// Numbers the reads.
    private actor Counter {
        private(set) var count = 0

        func next() -> Int {
            count += 1
            return count
        }
    }

    @Test("a thousand concurrent readers share few reads, and each read starts after it was requested")
    func shared() async throws {
        let reads = SharedReads<String, Int>()
        let (counter, askers) = (Counter(), Counter())
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await reads.value(for: "a") {
                let number = await counter.next()
                for await _ in gate {}
                return number
            }
        }
        while await counter.count == 0 { await Task.yield() }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<1000 {
                group.addTask {
                    _ = await askers.next()
                    return try await reads.value(for: "a") { await counter.next() }
                }
            }
            while await askers.count < 1000 { await Task.yield() }
            #expect(try await reads.value(for: "b") { 7 } == 7)
            // No other read has started while the first one runs.
            #expect(await counter.count == 1)
            open.finish()
            for try await answer in group { #expect(answer >= 2) }
        }
        #expect(try await first.value == 1)
        #expect(await counter.count < 500)
    }

    @Test("an error reaches every reader that waits for it, and is not kept")
    func failure() async throws {
        struct Broken: Error {}
        let reads = SharedReads<Int, Int>()
        await #expect(throws: Broken.self) { _ = try await reads.value(for: 1) { throw Broken() } }
        #expect(try await reads.value(for: 1) { 5 } == 5)
    }

    @Test("a canceled reader does not cancel the read of others")
    func cancellation() async throws {
        let reads = SharedReads<Int, Int>()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let impatient = Task {
            try await reads.value(for: 1) {
                start.finish()
                for await _ in gate {}
                try Task.checkCancellation()
                return 3
            }
        }
        for await _ in started {}
        impatient.cancel()
        open.finish()
        #expect(try await impatient.value == 3)
    }
}
