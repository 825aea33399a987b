import Synchronization

/// Knows for how long something has been waited for.
///
/// A class because the one who waits and the one who watches share it; Sendable because a lock guards its state.
final class StallGuard: Sendable {
    private struct State {
        var waitingSince: ContinuousClock.Instant?
        var hasRunOut = false
    }

    private let state = Mutex(State())

    /// Runs `wait` with the clock ticking.
    func measured<Result>(_ wait: () async throws -> Result) async rethrows -> Result {
        state.withLock { $0.waitingSince = .now }
        defer { state.withLock { $0.waitingSince = nil } }
        return try await wait()
    }

    /// Whether the present wait has lasted longer than `patience`; the answer yes is kept.
    func runsOut(after patience: Duration) -> Bool {
        state.withLock { state in
            guard let start = state.waitingSince, ContinuousClock.now - start > patience else { return false }
            state.hasRunOut = true
            return true
        }
    }

    /// Whether a wait has ever been too long.
    var hasRunOut: Bool {
        state.withLock(\.hasRunOut)
    }
}
