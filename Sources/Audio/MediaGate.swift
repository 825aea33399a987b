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
        let turnstile: Turnstile
        let patience: Duration

        init(places: Int?, patience: Duration) {
            turnstile = Turnstile(places: places ?? ProcessInfo.processInfo.activeProcessorCount, waiting: .max, wait: patience)
            self.patience = patience
        }
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - places: How many tools may run at the same time; nil for as many as there are cores.
    ///   - patience: How long a caller waits for a place.
    package init(places: Int? = nil, patience: Duration = .seconds(3600)) {
        state = Mutex(State(places: places, patience: patience))
    }

    /// Sets the limits of both gates for the callers to come; see `init`.
    package static func configure(places: Int?, patience: Duration) {
        for gate in [probes, decoders] {
            gate.state.withLock { $0 = State(places: places, patience: patience) }
        }
    }

    /// Runs a tool once a place and enough file descriptors are free.
    ///
    /// - Throws: `AudioError.busy` if that takes too long, `CancellationError`, or an error of `work`.
    func run<Result>(_ work: () async throws -> sending Result) async throws -> sending Result {
        let (turnstile, patience) = state.withLock { ($0.turnstile, $0.patience) }
        let deadline = ContinuousClock.now + patience
        do {
            return try await turnstile.pass {
                while try await !blocking({ OpenDescriptors.sufficeForTool }) {
                    guard ContinuousClock.now < deadline else { throw AudioError.busy }
                    try await Task.sleep(for: .milliseconds(100))
                }
                return try await work()
            }
        } catch is Turnstile.Refusal {
            throw AudioError.busy
        }
    }

    /// How many callers wait for a place.
    package var waitingCount: Int { state.withLock(\.turnstile).waitingCount }
}
