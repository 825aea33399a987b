import CZlib

/// How many times smaller a text becomes when zlib compresses it, as OpenAI's `whisper` measures it.
enum CompressionRatio {
    /// From this ratio on a text repeats itself, as in OpenAI's `whisper`.
    static let threshold = 2.4

    /// The ratio of a text; 0 for an empty one.
    static func of(_ text: String) -> Double {
        let bytes = Array(text.utf8)
        var size = compressBound(uLong(bytes.count))
        var compressed = [UInt8](repeating: 0, count: Int(size))
        guard compress(&compressed, &size, bytes, uLong(bytes.count)) == Z_OK else { return 0 }
        return Double(bytes.count) / Double(size)
    }
}
