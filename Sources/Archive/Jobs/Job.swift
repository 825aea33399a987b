import Foundation

/// Something to be done, leased to one worker at a time.
package struct Job: Sendable, Hashable {
    /// What is to be done.
    package enum Kind: String, Sendable {
        case transcribe
    }

    package let id: Int64
    package let kind: Kind
    package let transcriptionID: UUID
    /// Grows with every lease: the proof that a worker still holds this one.
    package let attempt: Int64
    /// How often it failed, or its worker vanished, since it last made progress.
    package let failures: Int
}

/// A worker tried to store something for a job that is no longer its own: it was cancelled, deleted, or taken over.
package struct LeaseLost: Error {}

/// When a failed job is tried again.
package enum Retry {
    /// A job that fails this often in a row without any progress is given up.
    package static let limit = 5

    /// Waits longer each time: 2, 4, 8, 16 … seconds, a minute at most.
    package static func delay(afterFailures failures: Int) -> Duration {
        .seconds(min(60, 1 << min(failures, 6)))
    }
}
