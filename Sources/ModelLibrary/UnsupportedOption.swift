import Transcripts

/// An option that a model does not support.
package enum UnsupportedOption: Error, Hashable, CustomStringConvertible {
    /// English-only, turbo and distilled models were not trained to translate.
    case cannotTranslate
    case englishOnly(Language)
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
        case .cannotTranslate:
            "This model cannot translate to English. Choose tiny, base, small, medium or large, without “.en” in its name."
        case .englishOnly(let language):
            "This model supports only English, not \(language.englishName). Choose a model without “.en” in its name."
        case .languageUnknown(let language): "This model does not support \(language.englishName). Choose large-v3 or a newer model."
        }
    }
}
