/// Why the engine could not load a model file.
package enum ModelFileError: Error, Hashable, CustomStringConvertible {
    case unreadable(String)
    case notAModel
    /// The file ends at this byte although more must follow; probably an interrupted download.
    case cutOff(at: Int64)
    /// The sizes at the beginning are impossible, or the format of the weights is unknown.
    case strangeSizes(String)
    case damaged(at: Int64, String)

    /// The reason as a word for programs.
    package var code: String {
        switch self {
        case .unreadable: "unreadable"
        case .notAModel: "not_a_model"
        case .cutOff: "cut_off"
        case .strangeSizes: "strange_sizes"
        case .damaged: "damaged"
        }
    }

    package var description: String {
        switch self {
        case .unreadable(let reason): "The model file cannot be read: \(reason)."
        case .notAModel: "This is not a speech model in ggml's format. To convert a checkpoint: earshot models convert"
        case .cutOff(let position): "The model file is incomplete: it ends after \(position) bytes. Download or copy it again."
        case .strangeSizes(let reason): "The header of the model file is invalid: \(reason). Download or copy it again."
        case .damaged(let position, let reason): "The model file is damaged at byte \(position): \(reason). Download or copy it again."
        }
    }
}
