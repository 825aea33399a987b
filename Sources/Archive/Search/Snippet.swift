import Foundation

/// A stretch of text with the matches of a query marked.
package struct Snippet: Sendable, Hashable {
    /// A part of the text.
    package struct Part: Sendable, Hashable {
        package var text: String
        package var isMatch: Bool
    }

    /// The parts, in order; they make up the text.
    package private(set) var parts: [Part] = []

    /// The text as a whole.
    package var text: String { parts.map(\.text).joined() }

    /// About the most characters of a snippet.
    static let length = 300
    /// The most characters before the first match.
    private static let lead = 80

    /// The text around its first match, with all matches there; the text's beginning if there is no match.
    ///
    /// - Parameter matches: In any order; they may overlap.
    init(_ text: String, matches: [Range<String.Index>]) {
        let sorted = matches.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        let whole = Self.extent(of: text, around: sorted.first)
        if whole.lowerBound > text.startIndex { append("…", isMatch: false) }
        var place = whole.lowerBound
        for match in sorted where match.upperBound > place && match.lowerBound < whole.upperBound {
            let start = max(place, match.lowerBound)
            let end = min(match.upperBound, whole.upperBound)
            append(text[place..<start], isMatch: false)
            append(text[start..<end], isMatch: true)
            place = end
        }
        append(text[place..<whole.upperBound], isMatch: false)
        if whole.upperBound < text.endIndex { append("…", isMatch: false) }
    }

    private mutating func append(_ text: some StringProtocol, isMatch: Bool) {
        guard !text.isEmpty else { return }
        if parts.last?.isMatch == isMatch {
            parts[parts.count - 1].text += text
        } else {
            parts.append(Part(text: String(text), isMatch: isMatch))
        }
    }

    /// A stretch that is not too long, between spaces where there are some near.
    private static func extent(of text: String, around match: Range<String.Index>?) -> Range<String.Index> {
        guard text.count > length else { return text.startIndex..<text.endIndex }
        let anchor = match?.lowerBound ?? text.startIndex
        var start = text.index(anchor, offsetBy: -lead, limitedBy: text.startIndex) ?? text.startIndex
        if start > text.startIndex, let space = text[start..<anchor].firstIndex(where: \.isWhitespace) { start = text.index(after: space) }
        var end = text.index(start, offsetBy: length, limitedBy: text.endIndex) ?? text.endIndex
        if end < text.endIndex, let space = text[anchor..<end].dropFirst(lead).lastIndex(where: \.isWhitespace) { end = space }
        return start..<end
    }
}
