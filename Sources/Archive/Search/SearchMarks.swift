import Foundation

/// Finds the matches of a query in the text of a hit.
struct SearchMarks {
    /// The characters that the database puts around the words that match; they are removed from texts before.
    static let opening: Character = "\u{2}", closing: Character = "\u{3}"

    private let query: SearchQuery

    init(_ query: SearchQuery) {
        self.query = query
    }

    /// The snippet of a text in which the database has marked the words that match.
    func snippet(of marked: String, match: SearchHit.Match) -> Snippet {
        let (text, marks) = Self.unmarked(marked)
        var matches = marks
        // In scripts without spaces the database sees one long word, and marks none in it.
        for term in query.terms where match == .similar || text.hasJoinedScript {
            let found = Self.occurrences(of: term.text, in: text)
            matches += found
            if found.isEmpty, match == .similar, term.canBeLikened, let alike = Likeness.word(most: term.text, in: text) {
                matches.append(alike)
            }
        }
        return Snippet(text, matches: matches)
    }

    /// The text without the marks, and the ranges between them.
    private static func unmarked(_ marked: String) -> (text: String, matches: [Range<String.Index>]) {
        // Offsets first: an index of a string that still grows is not valid in the finished one.
        var scalars = String.UnicodeScalarView()
        var offsets: [Range<Int>] = []
        var count = 0
        var start: Int?
        for scalar in marked.unicodeScalars {
            if Character(scalar) == opening {
                start = count
            } else if Character(scalar) == closing {
                if let begun = start { offsets.append(begun..<count) }
                start = nil
            } else {
                scalars.append(scalar)
                count += 1
            }
        }
        let text = String(scalars)
        let matches = offsets.map { range in
            let lower = text.unicodeScalars.index(text.startIndex, offsetBy: range.lowerBound)
            return lower..<text.unicodeScalars.index(lower, offsetBy: range.count)
        }
        return (text, matches)
    }

    private static func occurrences(of part: String, in text: String) -> [Range<String.Index>] {
        var found: [Range<String.Index>] = []
        var rest = text.startIndex..<text.endIndex
        while let range = text.range(of: part, options: .caseInsensitive, range: rest) {
            found.append(range)
            rest = range.upperBound..<text.endIndex
        }
        return found
    }
}

/// The similarity of words, as the database's extension pg_trgm computes it.
enum Likeness {
    /// The word of a text that is most similar to another; nil if none is.
    static func word(most term: String, in text: String) -> Range<String.Index>? {
        let wanted = trigrams(of: term)
        var best: (range: Range<String.Index>, likeness: Double)?
        for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            let likeness = Double(trigrams(of: word).intersection(wanted).count) / Double(max(1, wanted.count))
            if likeness > best?.likeness ?? 0.3 { best = (word.startIndex..<word.endIndex, likeness) }
        }
        return best?.range
    }

    /// Every three characters that follow one another, with two spaces before the word and one behind it.
    private static func trigrams(of word: some StringProtocol) -> Set<String> {
        let characters = Array("  " + word.lowercased() + " ")
        return Set((0..<max(0, characters.count - 2)).map { String(characters[$0..<$0 + 3]) })
    }
}
