/// Why a file is no model that the engine could load.
package enum ModelFileError: Error, Hashable, CustomStringConvertible {
    /// The file can't be opened or read, and the system's reason.
    case unreadable(String)
    /// The file doesn't begin like a model in ggml's format.
    case notAModel
    /// The file ends at this byte although more must follow; most likely a download that broke off.
    case cutOff(at: Int64)
    /// The sizes at the file's beginning contradict themselves, or it stores its weights in a way that is not known.
    case strangeSizes(String)
    /// At this byte stands something that can't be there.
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
        case .unreadable(let reason): "The model file can't be read: \(reason)."
        case .notAModel: "This is no speech model in ggml's format. Convert a checkpoint with “earshot models convert”."
        case .cutOff(let position): "The model file is cut off after \(position) bytes. Download or copy it again."
        case .strangeSizes(let reason): "The model file says impossible things of itself: \(reason). Download or copy it again."
        case .damaged(let position, let reason): "The model file is damaged at byte \(position): \(reason). Download or copy it again."
        }
    }
}
