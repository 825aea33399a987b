/// Makes samples of little-endian 16-bit integers that arrive in pieces of any size.
struct SampleReader {
    /// How many samples were made so far.
    private(set) var count = 0
    private var leftover: UInt8?

    /// The samples (-1…1) that the bytes complete, in runs of at most one second.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> [[Float]] {
        var samples: [Float] = []
        samples.reserveCapacity(bytes.count / 2 + 1)
        var index = 0
        if let low = leftover, let high = bytes.first {
            samples.append(Self.sample(low, high))
            leftover = nil
            index = 1
        }
        while index + 1 < bytes.count {
            samples.append(Self.sample(bytes[index], bytes[index + 1]))
            index += 2
        }
        if index < bytes.count { leftover = bytes[index] }
        count += samples.count
        return stride(from: 0, to: samples.count, by: AudioDecoder.sampleRate).map { start in
            Array(samples[start..<min(start + AudioDecoder.sampleRate, samples.count)])
        }
    }

    private static func sample(_ low: UInt8, _ high: UInt8) -> Float {
        Float(Int16(truncatingIfNeeded: Int(high) << 8 | Int(low))) / 32768
    }
}
