/// What is wrong with a model's file.
package enum VerificationError: Error, Hashable, CustomStringConvertible {
    /// It is not the published one; checksums in hexadecimal digits.
    case otherChecksum(expected: String, got: String)
    /// It is damaged or none at all, and why.
    case broken(reason: String)

    package var description: String {
        switch self {
        case .otherChecksum(let expected, let got):
            "not the published file: its SHA-1 is \(got), the published one's \(expected). Download it again with --force."
        case .broken(let reason): reason
        }
    }
}
