/// Reads sound in Sun's format (AU), 16 bits a sample, from pieces of any size.
struct SoundReader {
    /// A second of sound, or less at the end.
    struct Piece {
        /// The number of its first sample.
        let start: Int
        /// The samples (-1…1) of each channel.
        let channels: [[Float]]
        /// The number of samples in each channel.
        var count: Int { channels.first?.count ?? 0 }
    }

    private static let smallestHeader = 24

    /// The number of samples of each channel so far.
    private(set) var count = 0
    private var header: [UInt8] = []
    private var channelCount: Int?
    private var second: [[Float]] = []
    private var leftover: [UInt8] = []

    /// The whole seconds that the bytes complete. They begin at whole seconds of the file, whatever the sizes of the pieces.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> [Piece] {
        let samples = UnsafeRawBufferPointer(rebasing: bytes[readHeader(bytes)...])
        guard let channelCount, !samples.isEmpty else { return [] }
        let size = 2 * channelCount
        var (pieces, index) = ([Piece](), 0)
        if !leftover.isEmpty {
            index = min(size - leftover.count, samples.count)
            leftover += samples[..<index]
            guard leftover.count == size else { return [] }
            let frame = leftover
            leftover = []
            frame.withUnsafeBytes { append($0, to: &pieces) }
        }
        let whole = index + (samples.count - index) / size * size
        append(UnsafeRawBufferPointer(rebasing: samples[index..<whole]), to: &pieces)
        leftover += samples[whole...]
        return pieces
    }

    /// The rest at the end, less than a second.
    mutating func finish() -> Piece? {
        guard let length = second.first?.count, length > 0 else { return nil }
        defer { second = second.map { _ in [] } }
        return Piece(start: count - length, channels: second)
    }

    /// Reads the bytes of the header and returns their number.
    private mutating func readHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard channelCount == nil else { return 0 }
        var used = 0
        while used < bytes.count, header.count < headerSize {
            header.append(bytes[used])
            used += 1
        }
        guard header.count >= headerSize else { return used }
        let channels = max(1, number(at: 20))
        channelCount = channels
        second = Array(repeating: [], count: channels)
        return used
    }

    /// The header's length, which is part of the header.
    private var headerSize: Int { header.count < 8 ? Self.smallestHeader : max(Self.smallestHeader, number(at: 4)) }

    private func number(at index: Int) -> Int {
        header[index..<index + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Adds whole frames of interleaved, big-endian samples.
    private mutating func append(_ frames: UnsafeRawBufferPointer, to pieces: inout [Piece]) {
        let size = 2 * second.count
        var index = 0
        while index < frames.count {
            let room = AudioDecoder.sampleRate - (count % AudioDecoder.sampleRate)
            let portion = min(room, (frames.count - index) / size)
            for channel in second.indices {
                if second[channel].isEmpty { second[channel].reserveCapacity(AudioDecoder.sampleRate) }
                var place = index + 2 * channel
                for _ in 0..<portion {
                    let value = Int16(bitPattern: UInt16(frames[place]) << 8 | UInt16(frames[place + 1]))
                    second[channel].append(Float(value) / 32768)
                    place += size
                }
            }
            index += portion * size
            count += portion
            guard portion == room else { return }
            pieces.append(Piece(start: count - AudioDecoder.sampleRate, channels: second))
            second = second.map { _ in [] }
        }
    }
}
