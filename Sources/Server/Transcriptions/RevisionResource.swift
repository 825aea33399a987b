import Archive
import Hummingbird

/// The revisions of a transcription, the model's first.
struct RevisionList: ResponseEncodable {
    let items: [RevisionResource]
}

/// A revision of a transcription's text.
struct RevisionResource: Encodable, Sendable {
    let revision: Int
    /// The revision that was edited; null for the model's.
    @Null var madeFrom: Int?
    /// Null while the model's text is not complete.
    @Null var createdAt: String?
    /// The number of its segments.
    let segments: Int
    let isCurrent: Bool

    init(_ revision: Revision, isCurrent: Bool) {
        self.revision = revision.number
        madeFrom = revision.madeFrom
        createdAt = revision.madeAt?.iso8601
        segments = revision.segments
        self.isCurrent = isCurrent
    }
}
