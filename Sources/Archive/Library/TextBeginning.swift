/// The beginning of a transcription's current text, as lists show it.
package struct TextBeginning: Sendable, Hashable {
    /// Five minutes of speech have about as many.
    package static let mostSegments = 100
    package static let mostCharacters = 5000

    package var text: String
    /// Whether the text goes on.
    package var isTruncated: Bool

    package init(text: String = "", isTruncated: Bool = false) {
        self.text = text
        self.isTruncated = isTruncated
    }
}
