/// Why a model file is not intact.
package enum VerificationError: Error, Hashable, CustomStringConvertible {
    /// The file is not the published one; checksums in hexadecimal digits.
    case otherChecksum(expected: String, got: String)
    /// The file is damaged, or not a model.
    case broken(reason: String)

    package var description: String {
        switch self {
        case .otherChecksum(let expected, let got):
            "not the published file: its SHA-1 is \(got) instead of \(expected). Download it again with --force."
        case .broken(let reason): reason
        }
    }
}
