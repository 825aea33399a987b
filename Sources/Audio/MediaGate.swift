import Basics
import Foundation
import Synchronization

/// Limits how many media tools of one kind run at the same time, in the order of arrival.
///
/// Probing and decoding have a gate each, so that no long decoding delays an upload. A class because everything that starts a tool shares
/// it; Sendable because a lock guards its state.
package final class MediaGate: Sendable {
    /// The gate of ffprobe.
    package static let probes = MediaGate()
    /// The gate of ffmpeg.
    package static let decoders = MediaGate()

    private struct State {
        var places: Int
        var patience: Duration
        var running = 0
        var nextNumber = 0
        /// Those that wait, the first to come first.
        var waiting: [(number: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - places: How many tools may run at the same time; nil for as many as there are cores.
    ///   - patience: How long a caller waits for a place.
    package init(places: Int? = nil, patience: Duration = .seconds(3600)) {
        state = Mutex(State(places: Self.count(places), patience: patience))
    }

    /// Sets the limits of both gates; see `init`.
    package static func configure(places: Int?, patience: Duration) {
        for gate in [probes, decoders] {
            gate.state.withLock { ($0.places, $0.patience) = (count(places), patience) }
        }
    }

    private static func count(_ places: Int?) -> Int { max(1, places ?? ProcessInfo.processInfo.activeProcessorCount) }

    /// Runs a tool once a place and enough file descriptors are free.
    ///
    /// - Throws: `AudioError.busy` if that takes too long, `CancellationError`, or an error of `work`.
    func run<Result>(_ work: () async throws -> Result) async throws -> Result {
        let deadline = ContinuousClock.now + state.withLock(\.patience)
        try await enter(until: deadline)
        defer { leave() }
        while try await !blocking({ OpenDescriptors.sufficeForTool }) {
            guard ContinuousClock.now < deadline else { throw AudioError.busy }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try await work()
    }

    /// How many callers wait for a place.
    package var waitingCount: Int { state.withLock(\.waiting.count) }

    private func enter(until deadline: ContinuousClock.Instant) async throws {
        try Task.checkCancellation()
        let number = state.withLock { state -> Int? in
            if state.running < state.places, state.waiting.isEmpty {
                state.running += 1
                return nil
            }
            state.nextNumber += 1
            return state.nextNumber
        }
        guard let number else { return }
        async let _ = refuse(number, after: deadline)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                state.withLock { state in
                    // Checked under the lock: a later cancellation finds the entry.
                    if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                    if state.running < state.places, state.waiting.isEmpty {
                        state.running += 1
                        return continuation.resume()
                    }
                    state.waiting.append((number, continuation))
                }
            }
        } onCancel: {
            remove(number)?.resume(throwing: CancellationError())
        }
    }

    private func refuse(_ number: Int, after deadline: ContinuousClock.Instant) async {
        // A cancelled sleep means that the wait is over.
        guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
        remove(number)?.resume(throwing: AudioError.busy)
    }

    private func remove(_ number: Int) -> CheckedContinuation<Void, any Error>? {
        state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiting.remove(at: index).continuation
        }
    }

    /// Gives the place to the next ones in order.
    private func leave() {
        let admitted = state.withLock { state in
            state.running -= 1
            let count = min(state.waiting.count, max(0, state.places - state.running))
            let first = state.waiting.prefix(count).map(\.continuation)
            state.waiting.removeFirst(count)
            state.running += count
            return first
        }
        for continuation in admitted { continuation.resume() }
    }
}
