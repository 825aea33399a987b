import NIOCore

/// The header of a WAV file of unknown length, as ffmpeg writes it to a pipe.
enum StreamedWAV {
    /// One channel of little-endian 16-bit samples, 16,000 a second.
    static let speech = header(channels: 1, sampleRate: 16_000, bytesPerSample: 2)

    private static func header(channels: UInt16, sampleRate: UInt32, bytesPerSample: UInt16) -> ByteBuffer {
        let frame = channels * bytesPerSample
        var bytes = ByteBuffer()
        bytes.writeString("RIFF")
        bytes.writeInteger(UInt32.max, endianness: .little)
        bytes.writeString("WAVEfmt ")
        bytes.writeInteger(UInt32(16), endianness: .little)
        bytes.writeMultipleIntegers(UInt16(1), channels, endianness: .little)
        bytes.writeMultipleIntegers(sampleRate, sampleRate * UInt32(frame), endianness: .little)
        bytes.writeMultipleIntegers(frame, bytesPerSample * 8, endianness: .little)
        bytes.writeString("data")
        bytes.writeInteger(UInt32.max, endianness: .little)
        return bytes
    }
}
