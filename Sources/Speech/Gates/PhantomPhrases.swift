import Foundation
import Transcripts

/// Sentences that Whisper's models invent where nobody speaks, learned from subtitles that ran on through the silence.
///
/// Collected by users in the discussions 679 and 928 of github.com/openai/whisper. Credits for subtitles are never spoken; thanks for watching
/// are, so they only count as invented where there is another reason to doubt them.
enum PhantomPhrases {
    /// Whether a segment's text is an invented sentence.
    ///
    /// - Parameter isDoubtful: Whether there is another reason to think that nobody said it.
    static func contains(_ text: String, isDoubtful: Bool) -> Bool {
        let text = compared(text)
        guard !text.isEmpty else { return false }
        if credits.contains(where: { text.hasPrefix($0) && text.count <= $0.count + 40 }) { return true }
        if names.contains(where: { text.contains($0) && text.count <= $0.count + 60 }) { return true }
        return isDoubtful && partings.contains(text)
    }

    /// The reason to take out a segment; nil to leave it.
    static func reason(for segment: Segment, isDoubtful: Bool) -> RemovalReason? {
        contains(segment.text, isDoubtful: isDoubtful) ? .phantomPhrase : nil
    }

    /// A text without case, punctuation, white space and accents that are written in several ways, for comparing.
    static func compared(_ text: String) -> String {
        String(text.precomposedStringWithCanonicalMapping.lowercased().replacing("ı", with: "i").filter { $0.isLetter || $0.isNumber })
    }

    private static let names = phrases(of: alwaysInside).map(compared)
    private static let credits = phrases(of: atTheBeginning).map(compared)
    private static let partings = Set(phrases(of: whenInDoubt).map(compared))

    private static func phrases(of table: [String: [String]]) -> [String] {
        table.keys.sorted().flatMap { table[$0] ?? [] }
    }
}
