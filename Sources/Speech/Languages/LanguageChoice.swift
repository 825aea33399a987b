import ModelLibrary
import Transcripts

/// Which language a block is recognized in.
struct LanguageChoice {
    /// The language that counts now: as asked for, as found, or guessed until it is.
    private(set) var current: String

    /// Whether the language was found from the sound.
    private(set) var isFound = false

    private let isAsked: Bool
    private let allowed: [String]
    private let otherwise: String?
    private let certainty: Double
    private var probability: Double?

    /// - Parameter guess: The language to begin with where it is to be found.
    ///
    /// Throws `SpeechError.languageUnknown` or `.unsupported`.
    init(_ options: RecognitionOptions, model: ModelHeader, guess: String) throws(SpeechError) {
        allowed = try options.allowedLanguages.map { code throws(SpeechError) in try Self.known(code, to: model) }
        otherwise = try options.otherwise.map { code throws(SpeechError) in try Self.known(code, to: model) }
        certainty = options.certainty
        let asked = try options.language.map { code throws(SpeechError) in try Self.known(code, to: model) }
        // Where there is no choice, there is nothing to find.
        let only = asked ?? (model.isMultilingual ? (allowed.count == 1 ? allowed[0] : nil) : "en")
        isAsked = only != nil
        current = only ?? otherwise ?? (allowed.isEmpty || allowed.contains(guess) ? guess : allowed[0])
    }

    /// Whether to go on with the current language in a block that sounds like this.
    func accepts(_ languages: LanguageProbabilities) -> Bool {
        isAsked || decision(languages).code == current
    }

    /// Takes the language that a block sounds like, if it is to be found.
    mutating func settle(by languages: LanguageProbabilities) {
        guard !isAsked else { return }
        let found = decision(languages)
        current = found.code
        probability = found.probability
        isFound = true
    }

    /// A block's text with its language.
    func answer(segments: [Segment], removed: [RemovedSegment]) -> RecognizedBlock {
        RecognizedBlock(language: current, languageProbability: isAsked ? nil : probability ?? 0, segments: segments, removed: removed)
    }

    private func decision(_ languages: LanguageProbabilities) -> SpokenLanguage {
        let best = languages.best(amongCodes: allowed)
        if let best, best.probability >= certainty { return best }
        if let otherwise { return SpokenLanguage(code: otherwise, probability: languages.values[otherwise] ?? 0) }
        return best ?? SpokenLanguage(code: current, probability: 0)
    }

    /// The engine's code for a language that may be written in other ways.
    private static func known(_ name: String, to model: ModelHeader) throws(SpeechError) -> String {
        guard let language = Language(code: name) else { throw .languageUnknown(name) }
        guard model.knows(language) else { throw .unsupported(model.isMultilingual ? .languageUnknown(language) : .englishOnly(language)) }
        return language.code
    }
}
