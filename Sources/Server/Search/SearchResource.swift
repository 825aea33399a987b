import Archive
import Hummingbird
import Transcripts

/// What was found, as clients see it; times in seconds.
struct SearchResource: ResponseEncodable, Sendable {
    struct Part: Encodable, Sendable {
        let text: String
        let isMatch: Bool

        enum CodingKeys: String, CodingKey {
            case text
            case isMatch = "is_match"
        }
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
        /// The text cut where a match begins or ends, so that nobody has to trust marks within it.
        let parts: [Part]
        let match: String
        let score: Double

        enum CodingKeys: String, CodingKey {
            case name, start, end, speaker, language, text, parts, match, score
            case transcriptionID = "transcription_id"
            case segmentID = "segment_id"
        }

        init(_ hit: SearchHit) {
            transcriptionID = hit.transcriptionID.wire
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
    /// Nil where there are more hits than are counted.
    let total: Int?
    let hasMore: Bool
    let nextCursor: String?

    enum CodingKeys: String, CodingKey {
        case query, items, total
        case hasMore = "has_more"
        case nextCursor = "next_cursor"
    }

    init(_ page: SearchPage, query: String) {
        self.query = query
        items = page.hits.map(Hit.init)
        total = page.total
        hasMore = page.next != nil
        nextCursor = page.next?.description
    }

    /// `total` and `next_cursor` are always there, `null` where there is nothing to say.
    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(query, forKey: .query)
        try fields.encode(items, forKey: .items)
        try fields.encode(total, forKey: .total)
        try fields.encode(hasMore, forKey: .hasMore)
        try fields.encode(nextCursor, forKey: .nextCursor)
    }
}
