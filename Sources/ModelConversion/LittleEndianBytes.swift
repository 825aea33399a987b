/// Bytes with little-endian numbers; reading past the end throws `ConversionError.damaged`.
struct LittleEndianBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    /// The number at an offset, of a width in bytes; no number is negative.
    func number(at place: Int, _ width: Int) throws(ConversionError) -> Int {
        guard place >= 0, place <= bytes.count - width else { throw .damaged("it is incomplete") }
        let bits = bytes[place..<place + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: bits) else { throw .damaged("it contains a size that no file has") }
        return number
    }

    /// The text at an offset, of a length in bytes.
    func text(at place: Int, _ length: Int) throws(ConversionError) -> String {
        guard place >= 0, place <= bytes.count - length else { throw .damaged("it is incomplete") }
        return String(decoding: bytes[place..<place + length], as: UTF8.self)
    }
}
