/// A search query: words, "phrases", -exclusions, and `or` between alternatives.
package struct SearchQuery: Sendable, Hashable {
    /// The longest query, in characters.
    package static let longest = 500
    /// The most words and phrases of a query.
    package static let mostTerms = 32

    /// Lists of terms; a hit has every term of one of the lists.
    let alternatives: [[SearchTerm]]
    /// A hit has none of these.
    let unwanted: [SearchTerm]

    /// Reads any text; parts without meaning are ignored.
    ///
    /// - Throws: `ArchiveError.queryTooLong`.
    package init(_ text: String) throws(ArchiveError) {
        guard text.count <= Self.longest else { throw .queryTooLong }
        var reader = SearchQueryReader(text)
        var alternatives: [[SearchTerm]] = [[]]
        var unwanted: [SearchTerm] = []
        while let token = reader.next() {
            switch token {
            case .wanted(let term): alternatives[alternatives.count - 1].append(term)
            case .unwanted(let term): unwanted.append(term)
            case .or: if alternatives.last?.isEmpty == false { alternatives.append([]) }
            }
        }
        if alternatives.last?.isEmpty == true { alternatives.removeLast() }
        self.alternatives = alternatives
        self.unwanted = unwanted
        guard terms.count + unwanted.count <= Self.mostTerms else { throw .queryTooLong }
    }

    /// Every wanted term.
    var terms: [SearchTerm] { alternatives.flatMap(\.self) }

    /// Whether it has no wanted term.
    package var isEmpty: Bool { alternatives.isEmpty }

    /// The wanted terms, as `websearch_to_tsquery` reads them.
    var websearch: String {
        alternatives.map { $0.map(\.quoted).joined(separator: " ") }.joined(separator: " or ")
    }

    /// The unwanted terms, likewise.
    var unwantedWebsearch: String { unwanted.map(\.quoted).joined(separator: " or ") }
}

/// Cuts a query into its terms.
private struct SearchQueryReader {
    enum Token {
        case wanted(SearchTerm)
        case unwanted(SearchTerm)
        case or
    }

    private var rest: Substring

    init(_ text: String) {
        // Control characters, NUL among them, are treated as spaces.
        let characters = text.map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 }
        rest = Substring(String(characters))
    }

    mutating func next() -> Token? {
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard let first = rest.first else { return nil }
            let isUnwanted = first == "-"
            if isUnwanted { rest = rest.dropFirst() }
            let isPhrase = rest.first.map(Self.isQuotationMark) ?? false
            let text = isPhrase ? phrase() : word()
            if !isPhrase, !isUnwanted, text.lowercased() == "or" { return .or }
            guard let term = SearchTerm(text) else { continue }
            return isUnwanted ? .unwanted(term) : .wanted(term)
        }
    }

    /// Up to the next quotation mark, or to the end where there is none.
    private mutating func phrase() -> Substring {
        rest = rest.dropFirst()
        let text = rest.prefix { !Self.isQuotationMark($0) }
        rest = rest[text.endIndex...].dropFirst()
        return text
    }

    private mutating func word() -> Substring {
        let text = rest.prefix { !$0.isWhitespace && !Self.isQuotationMark($0) }
        rest = rest[text.endIndex...]
        return text
    }

    private static func isQuotationMark(_ character: Character) -> Bool { "\"“”„«»＂「」『』".contains(character) }
}
