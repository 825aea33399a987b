import Basics
import Foundation

/// An event in the log.
package struct ArchiveEvent: Sendable, Hashable {
    /// The kinds of events, by the names that clients see.
    package enum Kind: String, Sendable, CaseIterable {
        /// A transcription was requested.
        case created
        /// It progressed, was paused or was resumed; only the latest of these is kept.
        case status
        case completed, failed, cancelled
        case deleted
        /// Its text, its name or its tags were changed.
        case changed
        /// A model's download started, progressed or ended; only the latest of these is kept.
        case model
        /// A fault of the machine keeps jobs waiting from now on, or no longer.
        case hold
    }

    /// Grows in the order of the commits.
    package let id: Int64
    package let kind: Kind
    /// The details: a JSON object, as clients see it.
    package let data: String
}

/// Some events, and the ids that show whether any are missing.
package struct ArchiveEvents: Sendable, Hashable {
    package let events: [ArchiveEvent]
    /// The ids of the newest event that was removed and of the newest that is kept; 0 where there is none.
    package let newestGone, newest: Int64

    /// Whether events after this id were removed, or the id never existed.
    package func isIncomplete(after id: Int64) -> Bool { id < newestGone || id > newest }
}

/// The details of a transcription's events.
struct EventDetails: Encodable {
    let id: String
    let happenedAt: Date
    var name: String?
    var status: String?
    var progress: Double?
    var language: String?
    var model: String?
    var errorCode: String?
    var errorMessage: String?

    /// - Parameter transcription: Nil once it is deleted.
    init(_ id: UUID, _ transcription: Transcription?) {
        self.id = id.lowercased
        happenedAt = Date()
        guard let transcription else { return }
        name = transcription.shownName
        status = transcription.state.rawValue
        progress = transcription.progress
        language = transcription.language
        model = transcription.request.model
        errorCode = transcription.failure?.code
        errorMessage = transcription.failure?.message
    }
}
