import Synchronization

/// Detects that a wait for data takes too long.
///
/// A class because the waiting and the watching task share it; Sendable because a lock guards its state.
final class StallGuard: Sendable {
    private struct State {
        var waitingSince: ContinuousClock.Instant?
        var hasRunOut = false
    }

    private let state = Mutex(State())

    /// Runs `wait` and measures its time.
    func measured<Result>(_ wait: () async throws -> Result) async rethrows -> Result {
        state.withLock { $0.waitingSince = .now }
        defer { state.withLock { $0.waitingSince = nil } }
        return try await wait()
    }

    /// Whether the current wait has lasted longer than `patience`; sets `hasRunOut` if so.
    func runsOut(after patience: Duration) -> Bool {
        state.withLock { state in
            guard let start = state.waitingSince, ContinuousClock.now - start > patience else { return false }
            state.hasRunOut = true
            return true
        }
    }

    /// Whether any wait was too long.
    var hasRunOut: Bool {
        state.withLock(\.hasRunOut)
    }
}
