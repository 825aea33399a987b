/// Numbers of bytes as people read them, in powers of ten.
package enum ByteCount {
    /// "142 MB" or "3.1 GB".
    package static func text(_ bytes: Int64) -> String {
        let bytes = min(bytes, .max - 50_000_000)
        return switch bytes {
        case ..<1000: "\(bytes) B"
        case ..<999_500: "\((bytes + 500) / 1000) kB"
        case ..<999_500_000: "\((bytes + 500_000) / 1_000_000) MB"
        default: "\((bytes + 50_000_000) / 1_000_000_000).\((bytes + 50_000_000) / 100_000_000 % 10) GB"
        }
    }
}
