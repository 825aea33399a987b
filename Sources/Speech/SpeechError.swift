import ModelLibrary

/// What can go wrong between sound and text.
package enum SpeechError: Error, Hashable {
    /// The file is not a model that the engine reads, or is cut off.
    case modelUnreadable(path: String)

    /// The voice activity model that comes with Earshot could not be read.
    case voiceActivityUnreadable(path: String)

    /// The engine does not know the language with this code.
    case languageUnknown(String)

    /// The model does not support an option.
    case unsupported(UnsupportedOption)

    /// No library of the engine beside the program runs on this machine's processor.
    case noProcessor

    /// The working memory could not be allocated.
    case memoryUnavailable

    /// The engine failed, with its own code.
    case engineFailed(code: Int32)
}

extension SpeechError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .modelUnreadable(let path): "The model at \(path) can't be read."
        case .voiceActivityUnreadable(let path): "The voice activity model at \(path) can't be read."
        case .languageUnknown(let code): "The language \"\(code)\" is not known to this model."
        case .unsupported(let option): option.description
        case .noProcessor: "The engine's library for this machine's processor is missing; install Earshot again."
        case .memoryUnavailable: "There is not enough memory for speech recognition with this model."
        case .engineFailed(let code): "Speech recognition failed (engine code \(code))."
        }
    }
}
