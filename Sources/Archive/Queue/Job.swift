import Foundation

/// A piece of work for a transcription, leased to one worker at a time.
package struct Job: Sendable, Hashable {
    /// The kinds of work.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// Decode the recording, find the speech and cut it into blocks.
        case prepare
        /// Recognize one block.
        case block
        /// Complete the transcription once every block is done.
        case finish
    }

    package let id: Int64
    package let kind: Kind
    package let transcriptionID: UUID
    /// The block's ordinal; nil for a job about the whole recording.
    package let block: Int?
    /// Grows with every lease: the proof that a worker still holds this one.
    package let attempt: Int64
    /// How often it failed since the last progress.
    package let failures: Int
    /// Whether it ran when a worker died or stopped responding: it may be the cause, so it runs alone until it succeeds.
    package let isSuspect: Bool
    /// How often its lease expired while it was a suspect, since the last progress.
    package let expiries: Int

    package init(
        id: Int64,
        kind: Kind,
        transcriptionID: UUID,
        block: Int?,
        attempt: Int64,
        failures: Int,
        isSuspect: Bool,
        expiries: Int
    ) {
        self.id = id
        self.kind = kind
        self.transcriptionID = transcriptionID
        self.block = block
        self.attempt = attempt
        self.failures = failures
        self.isSuspect = isSuspect
        self.expiries = expiries
    }
}

/// A worker tried to store a result of a job that is no longer its own: it was cancelled, paused, deleted, or taken over.
package struct LeaseLost: Error {
    package init() {}
}

/// When a failed job is tried again.
package enum Retry {
    /// A job that fails this often in a row is given up.
    package static let limit = 5

    /// A job that ends its worker this often while it runs alone is given up.
    static let deathLimit = 3

    /// A suspect whose lease expires this often is given up.
    package static let expiryLimit = 10

    /// Grows with each failure: 2, 4, 8, 16 … seconds, a minute at most.
    package static func delay(afterFailures failures: Int) -> Duration {
        .seconds(min(60, 1 << min(failures, 6)))
    }
}

/// The order in which jobs of several recordings are done.
///
/// A block's turn is `queued_at + slowness × (its place in the recording)`. So the blocks of a clip that arrives while a long file is being
/// transcribed precede the file's next block as long as the file progresses faster than a tenth of real time; and the file is always
/// granted that tenth, however many clips arrive.
enum Turn {
    /// Seconds of waiting for each second of place in the recording.
    static let slowness = 10
}
