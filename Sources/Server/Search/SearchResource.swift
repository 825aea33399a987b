import Archive
import Basics
import Hummingbird
import Transcripts

/// A page of search results; times in seconds.
struct SearchResource: ResponseEncodable, Sendable {
    struct Part: Encodable, Sendable {
        let text: String
        let isMatch: Bool
    }

    struct Hit: Encodable, Sendable {
        let transcriptionID: String
        let name: String
        let segmentID: Int
        let start: Double
        let end: Double
        let speaker: String?
        let language: String?
        let text: String
        /// The text, split where a match begins or ends, so that clients need not parse marks in it.
        let parts: [Part]
        let match: String
        let score: Double

        init(_ hit: SearchHit) {
            transcriptionID = hit.transcriptionID.lowercased
            name = hit.name
            segmentID = hit.ordinal
            start = hit.start.seconds
            end = hit.end.seconds
            speaker = hit.speaker
            language = hit.language
            text = hit.snippet.text
            parts = hit.snippet.parts.map { Part(text: $0.text, isMatch: $0.isMatch) }
            match = hit.match.rawValue
            score = hit.score.rounded(toPlaces: 4)
        }
    }

    let query: String
    let items: [Hit]
    /// Null if there are more hits than the search counts.
    @Null var total: Int?
    let hasMore: Bool
    @Null var nextCursor: String?

    init(_ page: SearchPage, query: String) {
        self.query = query
        items = page.hits.map(Hit.init)
        total = page.total
        hasMore = page.next != nil
        nextCursor = page.next?.description
    }
}
