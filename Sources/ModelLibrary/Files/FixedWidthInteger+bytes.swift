extension FixedWidthInteger {
    /// The number in four little-endian bytes, as in model files.
    package var fourBytes: [UInt8] {
        let bits = UInt32(truncatingIfNeeded: self)
        return [UInt8(bits & 0xff), UInt8(bits >> 8 & 0xff), UInt8(bits >> 16 & 0xff), UInt8(bits >> 24)]
    }
}
