import ModelLibrary

/// Why a model can't be quantized.
package enum QuantizationError: Error, Hashable, CustomStringConvertible {
    /// The source is not a complete model.
    case source(ModelFileError)
    /// The source is already quantized, with this type; quantizing it again would only lose quality.
    case alreadyQuantized(String)
    /// A file can't be read or written, with the system's reason.
    case file(String, reason: String)
    /// Another process is writing the same file.
    case busy(String)

    /// The reason as a word for programs.
    package var code: String {
        switch self {
        case .source(let error): error.code
        case .alreadyQuantized: "already_quantized"
        case .file: "file"
        case .busy: "busy"
        }
    }

    package var description: String {
        switch self {
        case .source(let error): error.description
        case .alreadyQuantized(let type): "This model is already quantized, to \(type). Start from the full model."
        case .file(let path, let reason): "\(path): \(reason)."
        case .busy(let path): "Another process is writing \(path). Try again when it has finished."
        }
    }
}
