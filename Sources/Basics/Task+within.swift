extension Task {
    /// The task's value if it ends in time, otherwise nil; the task goes on.
    ///
    /// A task group would wait for its slowest child, even for one that can't be cancelled.
    package func value(within limit: Duration) async throws -> Success? {
        let (outcomes, outcome) = AsyncStream.makeStream(of: Result<Success, Failure>?.self)
        let reader = Task<Void, Never> { outcome.yield(await result) }
        let alarm = Task<Void, Never> {
            try? await Task<Never, Never>.sleep(for: limit)
            outcome.yield(nil)
        }
        defer {
            reader.cancel()
            alarm.cancel()
        }
        for await first in outcomes { return try first?.get() }
        return nil
    }
}
