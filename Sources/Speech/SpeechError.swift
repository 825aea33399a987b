import ModelLibrary

/// What can go wrong between sound and text.
package enum SpeechError: Error, Hashable {
    /// The file is no model of the kind the engine reads, or is cut off.
    case modelUnreadable(path: String)

    /// The voice activity model that comes with Earshot could not be read.
    case voiceActivityUnreadable(path: String)

    /// The engine knows no language of this code.
    case languageUnknown(String)

    /// The model can't do what was asked for.
    case unsupported(UnsupportedOption)

    /// The engine has no library beside the program that runs on this machine's processor.
    case noProcessor

    /// There was not enough memory to work in.
    case memoryUnavailable

    /// The engine gave up, with its own code.
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
