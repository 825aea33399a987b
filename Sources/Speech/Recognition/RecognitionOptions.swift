import Transcripts

/// How the speech of one block is to be turned into text.
package struct RecognitionOptions: Sendable, Hashable {
    /// The language that is spoken, as a code ("en"); nil to detect it in the block's own sound.
    package var language: String?

    /// The language, as a code, of a block whose own is less probable than `certainty`; nil to take the likeliest anyway.
    package var otherwise: String?

    /// The codes of the languages that may be found; empty for all that the model knows.
    package var allowedLanguages: [String] = []

    /// How probable, 0 to 1, a language must be to be taken instead of `otherwise`.
    package var certainty = 0.5

    /// Whether the text is to be English whatever is spoken.
    package var translate: Bool

    /// Words or names that are likely to occur, in the style of the wanted text.
    package var prompt: String?

    /// How freely the text is chosen: 0 takes the likeliest word each time, 1 samples.
    package var temperature: Double

    /// Whether a doubtful text is decoded again at higher temperatures, up to 1.
    package var fallsBack = true

    /// The number of beams, 1 to 8; 1 takes the likeliest word each time.
    package var beamSize = 1

    /// Whether the times of single words are wanted.
    package var wordTimes = false

    package init(
        language: String? = nil,
        translate: Bool = false,
        prompt: String? = nil,
        temperature: Double = 0
    ) {
        self.language = language
        self.translate = translate
        self.prompt = prompt
        self.temperature = temperature
    }

    /// The options for one block of a recording.
    ///
    /// - Parameter language: The recording's language, as asked for or found by now; where the recording may switch languages, it is
    ///   only used for unclear blocks. Nil to detect it in the block.
    package init(_ options: TranscriptionOptions, language: Language?) {
        self.init(
            language: options.switchesLanguage ? nil : language?.code,
            translate: options.translate,
            prompt: options.prompt,
            temperature: options.temperature
        )
        otherwise = options.switchesLanguage ? language?.code : nil
        allowedLanguages = options.allowedLanguages.map(\.code)
        fallsBack = options.fallsBack
        beamSize = options.beamSize
        wordTimes = options.wordTimes
    }
}
