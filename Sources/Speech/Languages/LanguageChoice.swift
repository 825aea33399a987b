import ModelLibrary
import Transcripts

/// Which language a block is recognized in.
struct LanguageChoice {
    /// The current language: as asked for, as found, or a guess until it is found.
    private(set) var current: String

    /// Whether the language was found from the sound.
    private(set) var isFound = false

    private let isAsked: Bool
    private let allowed: [String]
    private let otherwise: String?
    private let certainty: Double
    private var probability: Double?

    /// - Parameter guess: The language to begin with where it must be found.
    ///
    /// Throws `SpeechError.languageUnknown` or `.unsupported`.
    init(_ options: RecognitionOptions, model: ModelHeader, guess: String) throws(SpeechError) {
        allowed = try options.allowedLanguages.map { code throws(SpeechError) in try Self.known(code, to: model) }
        otherwise = try options.otherwise.map { code throws(SpeechError) in try Self.known(code, to: model) }
        certainty = options.certainty
        let asked = try options.language.map { code throws(SpeechError) in try Self.known(code, to: model) }
        let only = asked ?? (model.isMultilingual ? (allowed.count == 1 ? allowed[0] : nil) : "en")
        isAsked = only != nil
        current = only ?? otherwise ?? (allowed.isEmpty || allowed.contains(guess) ? guess : allowed[0])
    }

    /// Whether the current language suits a block with these probabilities.
    func accepts(_ languages: LanguageProbabilities) -> Bool {
        isAsked || decision(languages).code == current
    }

    /// Takes the likeliest language of a block, unless it was asked for.
    mutating func settle(by languages: LanguageProbabilities) {
        guard !isAsked else { return }
        let found = decision(languages)
        current = found.code
        probability = found.probability
        isFound = true
    }

    /// A block's text with its language.
    func result(segments: [Segment], removed: [RemovedSegment]) -> RecognizedBlock {
        let language = DetectedLanguage(code: current, probability: isAsked ? nil : probability ?? 0)
        return RecognizedBlock(language: language, segments: segments, removed: removed)
    }

    private func decision(_ languages: LanguageProbabilities) -> DetectedLanguage {
        let best = languages.best(amongCodes: allowed)
        if let best, best.reaches(certainty) { return best }
        if let otherwise { return DetectedLanguage(code: otherwise, probability: languages.values[otherwise] ?? 0) }
        return best ?? DetectedLanguage(code: current, probability: 0)
    }

    /// The engine's code for a language that may be named in other ways.
    private static func known(_ name: String, to model: ModelHeader) throws(SpeechError) -> String {
        guard let language = Language(code: name) else { throw .languageUnknown(name) }
        guard model.knows(language) else { throw .unsupported(model.isMultilingual ? .languageUnknown(language) : .englishOnly(language)) }
        return language.code
    }
}
