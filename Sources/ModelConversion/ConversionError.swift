/// Why a checkpoint can't be converted.
package enum ConversionError: Error, Hashable, CustomStringConvertible {
    /// A file can't be opened, read or written, and the system's reason.
    case file(String, reason: String)
    /// The source is neither a .pt file nor a folder with safetensors.
    case unknownSource
    /// The source is of the right kind, but cut off or damaged.
    case damaged(String)
    /// The source wants something run or made that no checkpoint needs; nothing was run.
    case forbidden(String)
    /// The source holds something that is not supported.
    case unsupported(String)
    /// The source is no Whisper model, or not a whole one.
    case notWhisper(String)
    /// No vocabulary was found for this kind of model.
    case vocabularyMissing(englishOnly: Bool)
    /// The file that was named for the vocabulary holds none, or another kind.
    case vocabularyUnfit(String)
    /// Another process makes the same file.
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
            "This is no checkpoint. Name a .pt file of OpenAI's Whisper, or a folder that has config.json and model.safetensors."
        case .damaged(let what): "The checkpoint is damaged: \(what). Fetch it again."
        case .forbidden(let what):
            "The checkpoint asks for \(what), which no Whisper checkpoint needs. Nothing of it was run; don't trust it."
        case .unsupported(let what): "The checkpoint can't be converted: \(what)."
        case .notWhisper(let what): "This is no whole Whisper checkpoint: \(what)."
        case .vocabularyMissing(englishOnly: true):
            """
            The vocabulary of English-only models is needed. Download any model with “.en” in its name first, \
            or name a file with --vocabulary (gpt2.tiktoken, or an English-only model in ggml's format).
            """
        case .vocabularyMissing(englishOnly: false):
            """
            The multilingual vocabulary is needed. Download any model without “.en” in its name first, \
            or name a file with --vocabulary (multilingual.tiktoken, or a multilingual model in ggml's format).
            """
        case .vocabularyUnfit(let what): "The vocabulary does not fit: \(what)."
        case .busy(let path): "Another process is making \(path) just now. Try again when it has finished."
        }
    }
}
