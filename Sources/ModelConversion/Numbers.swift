import ModelLibrary

/// The format of the numbers in a checkpoint.
enum NumberFormat: Sendable, Hashable {
    case f32
    case f16
    /// The upper half of a 32-bit number.
    case bf16

    var byteCount: Int { self == .f32 ? 4 : 2 }

    /// The length of a tensor of this shape in bytes; nil for an impossible shape.
    static func byteCount(of shape: [Int], _ format: NumberFormat) -> Int64? {
        var product = Int64(format.byteCount)
        for size in shape {
            let (result, overflow) = product.multipliedReportingOverflow(by: Int64(size))
            guard size > 0, !overflow else { return nil }
            product = result
        }
        return product
    }
}

/// Converts little-endian numbers between formats, bit by bit, because Swift's `Float16` does not exist on every processor.
package enum Numbers {
    /// Converts a piece; an incomplete number at its end is dropped.
    ///
    /// - Parameter throughHalf: Whether to round to 16 bits first, as the converter for Hugging Face models does.
    static func convert(_ bytes: [UInt8], from source: NumberFormat, to target: TensorType, throughHalf: Bool) -> [UInt8] {
        if source == .f16, target == .f16 { return bytes }
        if source == .f32, target == .f32, !throughHalf { return bytes }
        let count = bytes.count / source.byteCount
        let width = target == .f16 ? 2 : 4
        return [UInt8](unsafeUninitializedCapacity: count * width) { output, filled in
            bytes.withUnsafeBytes { input in
                let raw = UnsafeMutableRawBufferPointer(output)
                for index in 0..<count {
                    let number = read(input, index, source)
                    if target == .f16 {
                        raw.storeBytes(of: half(number).littleEndian, toByteOffset: index * 2, as: UInt16.self)
                    } else {
                        let value = throughHalf ? float(half(number)) : number
                        raw.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: index * 4, as: UInt32.self)
                    }
                }
            }
            filled = count * width
        }
    }

    private static func read(_ input: UnsafeRawBufferPointer, _ index: Int, _ format: NumberFormat) -> Float {
        switch format {
        case .f32: Float(bitPattern: UInt32(littleEndian: input.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
        case .f16: float(UInt16(littleEndian: input.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)))
        case .bf16: Float(bitPattern: UInt32(UInt16(littleEndian: input.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))) << 16)
        }
    }

    /// The exact value of a number of 16 bits (IEEE 754 binary16).
    package static func float(_ half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10 & 0x1f)
        let fraction = UInt32(half & 0x3ff)
        switch exponent {
        case 0:
            // Subnormal: a multiple of 2 to the -24.
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// The nearest number of 16 bits, ties to even; infinite if the number is too large.
    package static func half(_ number: Float) -> UInt16 {
        let bits = number.bitPattern
        let sign = UInt16(bits >> 16 & 0x8000)
        let magnitude = bits & 0x7fff_ffff
        if magnitude > 0x7f80_0000 { return sign | 0x7c00 | UInt16(magnitude >> 13 & 0x3ff) | (magnitude & 0x7f_e000 == 0 ? 1 : 0) }
        if magnitude >= 0x4780_0000 { return sign | 0x7c00 }
        if magnitude < 0x3880_0000 {
            // Subnormal or zero: adding 0.5 moves the bits to the end, and the processor rounds them.
            let sum = Float(bitPattern: magnitude) + 0.5
            return sign | UInt16(truncatingIfNeeded: sum.bitPattern - Float(0.5).bitPattern)
        }
        let odd = magnitude >> 13 & 1
        let rounded = magnitude + 0xfff + odd
        return sign | UInt16(rounded >> 13 - (112 << 10))
    }
}
