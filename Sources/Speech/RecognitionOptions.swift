/// How speech is to be turned into text.
package struct RecognitionOptions: Sendable, Hashable {
    /// The language that is spoken, as a code ("en"); nil to find out from the sound.
    package var language: String?

    /// Whether the text is to be English whatever is spoken; models without this ability ignore it.
    package var translate: Bool

    /// Words or names that are likely to occur, in the style that the text is to have.
    package var prompt: String?

    /// How freely the text is chosen: 0 takes the likeliest word each time, 1 samples.
    package var temperature: Double

    /// Processor threads that one block of sound is worked on with; nil for as many as there are idle cores when it begins.
    package var threads: Int?

    /// Options of which all have a default.
    package init(
        language: String? = nil,
        translate: Bool = false,
        prompt: String? = nil,
        temperature: Double = 0,
        threads: Int? = nil
    ) {
        self.language = language
        self.translate = translate
        self.prompt = prompt
        self.temperature = temperature
        self.threads = threads
    }
}
