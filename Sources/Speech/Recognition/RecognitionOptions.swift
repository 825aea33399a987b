import Transcripts

/// How the speech of one block is to be turned into text.
package struct RecognitionOptions: Sendable, Hashable {
    /// The language that is spoken, as a code ("en"); nil to find out from the block's own sound.
    package var language: String?

    /// The language to take, as a code, where the sound tells less surely than `certainty`; nil to take what is likeliest all the same.
    package var otherwise: String?

    /// The codes of the languages that may be found; empty for all that the model knows.
    package var allowedLanguages: [String] = []

    /// How probable, 0 to 1, a language must be to be taken instead of `otherwise`.
    package var certainty = 0.5

    /// Whether the text is to be English whatever is spoken.
    package var translate: Bool

    /// Words or names that are likely to occur, in the style that the text is to have.
    package var prompt: String?

    /// How freely the text is chosen: 0 takes the likeliest word each time, 1 samples.
    package var temperature: Double

    /// Whether a doubtful text is tried again at higher temperatures, up to 1.
    package var fallsBack = true

    /// The number of texts that are followed up at the same time, 1 to 8; 1 takes the likeliest word each time.
    package var beamSize = 1

    /// Whether the times of single words are wanted.
    package var wordTimes = false

    /// Processor threads that one block is worked on with; nil for as many as there are idle cores when it begins.
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

    /// What a recording's options ask of one of its blocks.
    ///
    /// - Parameter language: The recording's language, as asked for or found by now; where the recording may switch languages, it only
    ///   counts where a block's own sound is not clear. Nil to let the block tell.
    package init(_ options: TranscriptionOptions, language: Language?, threads: Int?) {
        self.init(
            language: options.switchesLanguage ? nil : language?.code,
            translate: options.translate,
            prompt: options.prompt,
            temperature: options.temperature,
            threads: threads
        )
        otherwise = options.switchesLanguage ? language?.code : nil
        allowedLanguages = options.allowedLanguages.map(\.code)
        fallsBack = options.fallsBack
        beamSize = options.beamSize
        wordTimes = options.wordTimes
    }
}
