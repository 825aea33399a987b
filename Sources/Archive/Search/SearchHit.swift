import Foundation
import Transcripts

/// A part of the library to search in; fields that are nil match all.
package struct SearchScope: Sendable, Hashable {
    /// The language of the text.
    package var language: Language?
    package var model: String?
    package var tag: String?
    package var transcription: UUID?

    package init(language: Language? = nil, model: String? = nil, tag: String? = nil, transcription: UUID? = nil) {
        self.language = language
        self.model = model
        self.tag = tag
        self.transcription = transcription
    }
}

/// A segment that matches a query.
package struct SearchHit: Sendable, Hashable {
    /// How it was found.
    package enum Match: String, Sendable {
        /// By its words, however they are inflected.
        case words
        /// By a part of a word, or by a similar spelling.
        case similar
    }

    package var transcriptionID: UUID
    /// The name of the transcription, or else of its recording.
    package var name: String
    /// The segment's place in the transcript.
    package var ordinal: Int
    package var start, end: Timestamp
    package var speaker: String?
    /// The language of the text, where it is known.
    package var language: String?
    /// The text around the match.
    package var snippet: Snippet
    package var match: Match
    /// The quality of the match: from 1 on by its words, below 1 by likeness.
    package var score: Double
}

/// Some hits, the best first.
package struct SearchPage: Sendable {
    package var hits: [SearchHit]
    /// The number of all hits; nil when there are too many to count.
    package var total: Int?
    /// The start of the next page; nil at the end.
    package var next: SearchPosition?
}

/// A place in the list of hits.
///
/// Hits are ranked within windows: the newest ones first, then those that are older than all of the first window, and so on. New
/// segments precede a list that was begun, so it stays as it is while a client pages through it.
package struct SearchPosition: Sendable, Hashable {
    /// The window, numbered from 0.
    var window = 0
    /// The newest segment that may be in the window, by its sequence.
    var newest = Int64.max
    /// The score and sequence of the last hit before this place; nil at the window's beginning.
    var last: SearchCandidate?

    package init() {}
}

/// A hit of which only the segment's sequence and the score are known.
struct SearchCandidate: Sendable, Hashable {
    let sequence: Int64
    let score: Double
    let match: SearchHit.Match

    /// Whether it precedes another in the list: better, or as good and newer.
    func comes(before other: SearchCandidate) -> Bool {
        (score, sequence) > (other.score, other.sequence)
    }
}

extension SearchPosition: CustomStringConvertible {
    /// A form that clients send back: window, newest, and the last hit's score (its bits) and sequence.
    package var description: String {
        let place = last.map { "-\(String($0.score.bitPattern, radix: 36))-\(String($0.sequence, radix: 36))" } ?? ""
        return "\(window)-\(String(newest, radix: 36))\(place)"
    }

    /// Nil for a text that is not a position.
    package init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 4, let window = Int(parts[0]), (0...Int(Int32.max)).contains(window),
            let newest = Int64(parts[1], radix: 36), newest >= 0
        else { return nil }
        self.window = window
        self.newest = newest
        guard parts.count == 4 else { return }
        guard let bits = UInt64(parts[2], radix: 36), let sequence = Int64(parts[3], radix: 36) else { return nil }
        last = SearchCandidate(sequence: sequence, score: Double(bitPattern: bits), match: .words)
    }
}
