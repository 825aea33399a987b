import CWhisper
import ModelLibrary

/// A way of storing weights in fewer bits.
package enum Quantization: String, Sendable, Hashable, CaseIterable {
    /// 8 bits and a half: half the size of 16, and no difference in the text.
    case q8_0
    /// 6 bits: small losses.
    case q5_1
    /// 5 bits and a half: a third of the size of 16, small losses.
    case q5_0

    /// How tensors are stored.
    package var type: TensorType {
        switch self {
        case .q8_0: .q8_0
        case .q5_1: .q5_1
        case .q5_0: .q5_0
        }
    }

    /// The number at a file's beginning: the engine's `ggml_ftype`, and its version in the thousands.
    var fileType: Int {
        let type =
            switch self {
            case .q8_0: GGML_FTYPE_MOSTLY_Q8_0
            case .q5_1: GGML_FTYPE_MOSTLY_Q5_1
            case .q5_0: GGML_FTYPE_MOSTLY_Q5_0
            }
        return Int(GGML_QNT_VERSION * GGML_QNT_VERSION_FACTOR) + Int(type.rawValue)
    }
}
