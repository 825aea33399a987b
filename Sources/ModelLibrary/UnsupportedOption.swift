import Transcripts

/// What a model can't do because of its kind.
package enum UnsupportedOption: Error, Hashable, CustomStringConvertible {
    /// The model was not taught to translate: an English-only, turbo or distilled one.
    case cannotTranslate
    /// The model knows English only, and this language was asked for.
    case englishOnly(Language)
    /// The model is older than its knowledge of this language.
    case languageUnknown(Language)

    /// The reason as a word for programs.
    package var code: String {
        switch self {
        case .cannotTranslate: "cannot_translate"
        case .englishOnly: "english_only"
        case .languageUnknown: "unknown_language"
        }
    }

    package var description: String {
        switch self {
        case .cannotTranslate: "This model can't translate to English. Models that can: tiny, base, small, medium and large, without “.en”."
        case .englishOnly(let language):
            "This model understands English only, not \(language.englishName). Choose a model without “.en” in its name."
        case .languageUnknown(let language): "This model does not know \(language.englishName); large-v3 and newer models do."
        }
    }
}
