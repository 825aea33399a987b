import CWhisper

/// The tensors in a file of the Silero network; every length is validated before it is used.
struct SileroFile {
    /// The file is damaged or of another kind.
    struct Damage: Error {}

    /// The tensors, by the names that the published network gives them.
    enum Name: Hashable {
        case basis, convolutionWeight(Int), convolutionBias(Int), input, recurrence, inputBias, recurrenceBias, head, headBias
    }

    /// Each tensor's numbers, the fastest dimension first. None is missing.
    let tensors: [Name: [Float]]

    init(_ bytes: [UInt8]) throws(Damage) {
        var cursor = Cursor(bytes: bytes)
        guard try cursor.integers(1) == [0x6767_6d6c] else { throw Damage() }
        try Self.checkHeader(&cursor)
        let known = Self.known
        var tensors: [Name: [Float]] = [:]
        while !cursor.isAtEnd {
            let header = try cursor.integers(3)
            guard (0...4).contains(header[0]) else { throw Damage() }
            let shape = try cursor.integers(header[0])
            guard let (name, expected) = known[try cursor.text(header[1])], tensors[name] == nil else { throw Damage() }
            // A dimension of 1 at the end has no effect.
            guard Array(shape.reversed().drop { $0 == 1 }.reversed()) == expected else { throw Damage() }
            tensors[name] = try cursor.numbers(expected.reduce(1, *), type: header[2])
        }
        guard tensors.count == known.count else { throw Damage() }
        self.tensors = tensors
    }

    /// Validates the sizes, which must be those of the network that this code evaluates.
    private static func checkHeader(_ cursor: inout Cursor) throws(Damage) {
        guard try cursor.text(try cursor.integers(1)[0]) == "silero-16k" else { throw Damage() }
        // The version and the overlap of windows, which the engine does not use either.
        _ = try cursor.integers(3)
        guard try cursor.integers(2)[0] == SileroShape.window else { throw Damage() }
        let convolutions = SileroShape.convolutions
        let expected = convolutions.flatMap { [$0.inputs, $0.outputs, SileroShape.taps] }
        guard try cursor.integers(1) == [convolutions.count], try cursor.integers(expected.count) == expected else { throw Damage() }
        guard try cursor.integers(4) == [SileroShape.hop, SileroShape.hidden, SileroShape.hidden, 1] else { throw Damage() }
    }

    /// The tensors and their shapes by their names in the file.
    private static var known: [String: (name: Name, shape: [Int])] {
        let (hidden, gates) = (SileroShape.hidden, SileroShape.gates)
        var known: [String: (name: Name, shape: [Int])] = [
            "_model.stft.forward_basis_buffer": (.basis, [SileroShape.frame, 1, 2 * SileroShape.bins]),
            "_model.decoder.rnn.weight_ih": (.input, [hidden, gates]),
            "_model.decoder.rnn.weight_hh": (.recurrence, [hidden, gates]),
            "_model.decoder.rnn.bias_ih": (.inputBias, [gates]),
            "_model.decoder.rnn.bias_hh": (.recurrenceBias, [gates]),
            "_model.decoder.decoder.2.weight": (.head, [hidden]),
            "_model.decoder.decoder.2.bias": (.headBias, []),
        ]
        for (index, shape) in SileroShape.convolutions.enumerated() {
            let prefix = "_model.encoder.\(index).reparam_conv"
            known["\(prefix).weight"] = (.convolutionWeight(index), [SileroShape.taps, shape.inputs, shape.outputs])
            known["\(prefix).bias"] = (.convolutionBias(index), [shape.outputs])
        }
        return known
    }
}

/// A position in the bytes of the file.
private struct Cursor {
    let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func integers(_ count: Int) throws(SileroFile.Damage) -> [Int] {
        let range = try take(count, of: 4)
        return bytes.withUnsafeBytes { bytes in
            (0..<count).map { Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound + 4 * $0, as: Int32.self))) }
        }
    }

    mutating func text(_ count: Int) throws(SileroFile.Damage) -> String {
        String(decoding: bytes[try take(count, of: 1)], as: UTF8.self)
    }

    /// Numbers that are stored as floats of 32 bits (type 0) or of 16 (type 1).
    mutating func numbers(_ count: Int, type: Int) throws(SileroFile.Damage) -> [Float] {
        switch type {
        case Int(GGML_TYPE_F32.rawValue):
            return copy(try take(count, of: 4), count)
        case Int(GGML_TYPE_F16.rawValue):
            let halves: [ggml_fp16_t] = copy(try take(count, of: 2), count)
            return [Float](unsafeUninitializedCapacity: count) { numbers, initialized in
                ggml_fp16_to_fp32_row(halves, numbers.baseAddress, Int64(count))
                initialized = count
            }
        default:
            throw SileroFile.Damage()
        }
    }

    /// Copies numbers from a position that may not be aligned for them.
    private func copy<Number: BitwiseCopyable>(_ range: Range<Int>, _ count: Int) -> [Number] {
        [Number](unsafeUninitializedCapacity: count) { numbers, initialized in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(numbers).copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range])) }
            initialized = count
        }
    }

    private mutating func take(_ count: Int, of size: Int) throws(SileroFile.Damage) -> Range<Int> {
        guard count >= 0, count <= (bytes.count - place) / size else { throw SileroFile.Damage() }
        defer { place += count * size }
        return place..<place + count * size
    }
}
