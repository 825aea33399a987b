/// A language that was found in the sound, or asked for.
package struct DetectedLanguage: Sendable, Hashable {
    /// The language's code, "en".
    package let code: String
    /// How probable the language is, 0 to 1; nil if it was asked for.
    package let probability: Double?

    package init(code: String, probability: Double? = nil) {
        self.code = code
        self.probability = probability
    }

    /// The language; nil for a code that Earshot does not know.
    package var language: Language? { Language(code: code) }

    /// Whether the language is at least this probable.
    package func reaches(_ certainty: Double) -> Bool { (probability ?? 1) >= certainty }
}
