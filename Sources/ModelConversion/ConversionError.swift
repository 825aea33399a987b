/// Why a checkpoint could not be converted.
package enum ConversionError: Error, Hashable, CustomStringConvertible {
    case file(String, reason: String)
    case unknownSource
    case damaged(String)
    /// The source asks for an operation that no checkpoint needs.
    case forbidden(String)
    case unsupported(String)
    case notWhisper(String)
    case vocabularyMissing(englishOnly: Bool)
    /// The vocabulary file is not a vocabulary, or one of another kind of model.
    case vocabularyUnfit(String)
    /// Another process writes the same file.
    case busy(String)

    /// The reason as a word for programs.
    package var code: String {
        switch self {
        case .file: "file"
        case .unknownSource: "unknown_source"
        case .damaged: "damaged"
        case .forbidden: "forbidden"
        case .unsupported: "unsupported"
        case .notWhisper: "not_whisper"
        case .vocabularyMissing: "vocabulary_missing"
        case .vocabularyUnfit: "vocabulary_unfit"
        case .busy: "busy"
        }
    }

    package var description: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason)."
        case .unknownSource:
            "This is not a checkpoint. Name a .pt file of OpenAI's Whisper, or a folder with config.json and model.safetensors."
        case .damaged(let what): "The checkpoint is damaged: \(what). Download it again."
        case .forbidden(let what):
            "The checkpoint contains \(what), which no Whisper checkpoint needs. Do not trust it; nothing of it was run."
        case .unsupported(let what): "The checkpoint cannot be converted: \(what)."
        case .notWhisper(let what): "This is not a complete Whisper checkpoint: \(what)."
        case .vocabularyMissing(englishOnly: true):
            """
            The checkpoint needs the vocabulary of English-only models. Download any model with “.en” in its name first, \
            or use --vocabulary with gpt2.tiktoken or an English-only model in ggml's format.
            """
        case .vocabularyMissing(englishOnly: false):
            """
            The checkpoint needs the multilingual vocabulary. Download any model without “.en” in its name first, \
            or use --vocabulary with multilingual.tiktoken or a multilingual model in ggml's format.
            """
        case .vocabularyUnfit(let what): "The vocabulary cannot be used: \(what)."
        case .busy(let path): "Another process is writing \(path). Try again when it has finished."
        }
    }
}
