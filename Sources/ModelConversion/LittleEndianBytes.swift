/// Bytes in which numbers stand with the lowest byte first; reading past their end throws `ConversionError.damaged`.
struct LittleEndianBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    /// The number of so many bytes at a place; negative ones are damage, as nothing here is.
    func number(at place: Int, _ width: Int) throws(ConversionError) -> Int {
        guard place >= 0, place <= bytes.count - width else { throw .damaged("it is cut off") }
        let bits = bytes[place..<place + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: bits) else { throw .damaged("it says a size that no file has") }
        return number
    }

    /// The text of so many bytes at a place.
    func text(at place: Int, _ length: Int) throws(ConversionError) -> String {
        guard place >= 0, place <= bytes.count - length else { throw .damaged("it is cut off") }
        return String(decoding: bytes[place..<place + length], as: UTF8.self)
    }
}
