/// Lets readers of the same key share one read, so that a change that wakes a thousand streams costs two reads.
///
/// Every read starts after it was requested: a request during a read waits for the next one.
actor SharedReads<Key: Hashable & Sendable, Value: Sendable> {
    private var running: [Key: Task<Value, any Error>] = [:]
    private var waiting: [Key: Task<Value, any Error>] = [:]

    /// Reads, or waits for a read of the same key that another caller has started.
    ///
    /// The read continues when its caller is cancelled, because others may wait for it.
    func value(for key: Key, _ read: @escaping @Sendable () async throws -> Value) async throws -> Value {
        if let next = waiting[key] { return try await next.value }
        if let current = running[key] {
            let next = Task {
                _ = await current.result
                running[key] = waiting.removeValue(forKey: key)
                defer { running[key] = nil }
                return try await read()
            }
            waiting[key] = next
            return try await next.value
        }
        let first = Task {
            defer { running[key] = nil }
            return try await read()
        }
        running[key] = first
        return try await first.value
    }
}
