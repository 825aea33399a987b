/// The format of the numbers of a tensor; the raw values are ggml's `ggml_type`.
package enum TensorType: Int, Sendable, Hashable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q2_K = 10
    case q3_K = 11
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14

    /// The count of numbers in a block, and the size of a block in bytes (ggml-common.h).
    package var block: (numbers: Int, bytes: Int) {
        switch self {
        case .f32: (1, 4)
        case .f16: (1, 2)
        case .q4_0: (32, 18)
        case .q4_1: (32, 20)
        case .q5_0: (32, 22)
        case .q5_1: (32, 24)
        case .q8_0: (32, 34)
        case .q2_K: (256, 84)
        case .q3_K: (256, 110)
        case .q4_K: (256, 144)
        case .q5_K: (256, 176)
        case .q6_K: (256, 210)
        }
    }

    /// The name as it occurs in the names of model files, "q5_0".
    package var name: String { "\(self)".lowercased() }

    /// The type of the matrices in a file, by the type of the file (`ggml_ftype`) without its version; nil if it is unknown.
    package init?(fileType: Int) {
        switch fileType {
        case 0: self = .f32
        case 1: self = .f16
        case 2: self = .q4_0
        case 3: self = .q4_1
        case 7: self = .q8_0
        case 8: self = .q5_0
        case 9: self = .q5_1
        case 10: self = .q2_K
        case 11: self = .q3_K
        case 12: self = .q4_K
        case 13: self = .q5_K
        case 14: self = .q6_K
        default: return nil
        }
    }
}
