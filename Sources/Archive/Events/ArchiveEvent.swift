import Foundation

/// Something that happened, as it is kept for those who follow.
package struct ArchiveEvent: Sendable, Hashable {
    /// What happened.
    package enum Kind: String, Sendable, CaseIterable {
        /// A transcription was asked for.
        case created
        /// It got on, or waits, or goes on again; only the latest of these is kept.
        case status
        /// It ended.
        case completed, failed, cancelled
        /// It is no more.
        case deleted
        /// Its text, its name or what else is known of it was changed.
        case changed
        /// A model's download began, got on or ended; only the latest of these is kept.
        case model
    }

    /// Grows in the order in which things happened.
    package let id: Int64
    package let kind: Kind
    /// A JSON object that says more, as clients see it.
    package let data: String
}

/// Some events, and what is needed to know whether any are missing.
package struct ArchiveEvents: Sendable, Hashable {
    package let events: [ArchiveEvent]
    /// The ids of the newest event that was thrown away and of the newest that is kept; 0 where there is none.
    package let newestGone, newest: Int64

    /// Whether events after this id were thrown away, or the id is not one of ours.
    package func isIncomplete(after id: Int64) -> Bool { id < newestGone || id > newest }
}

/// What the events of a transcription tell.
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

    enum CodingKeys: String, CodingKey {
        case id, name, status, progress, language, model
        case happenedAt = "happened_at"
        case errorCode = "error_code"
        case errorMessage = "error_message"
    }

    /// - Parameter transcription: Nil once it is deleted.
    init(_ id: UUID, _ transcription: Transcription?) {
        self.id = id.uuidString.lowercased()
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
