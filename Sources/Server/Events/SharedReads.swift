/// Lets many who ask the same thing at the same time share one answer, so that a change which wakes a thousand streams costs two reads.
///
/// Every answer was begun after it was asked for: whoever comes while a read is under way waits for the next one.
actor SharedReads<Key: Hashable & Sendable, Value: Sendable> {
    private var running: [Key: Task<Value, any Error>] = [:]
    private var waiting: [Key: Task<Value, any Error>] = [:]

    /// Reads, or waits for what another who asked for the same key reads.
    ///
    /// The read goes on when the one who asked is cancelled: others wait for it, too.
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
