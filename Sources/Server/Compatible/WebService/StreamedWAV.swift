import NIOCore

/// The heading of a WAV file whose length is not known when it begins, as ffmpeg writes it to a pipe.
enum StreamedWAV {
    /// One channel of 16-bit samples, 16,000 a second, the least significant byte first.
    static let speech = heading(channels: 1, sampleRate: 16_000, bytesPerSample: 2)

    private static func heading(channels: UInt16, sampleRate: UInt32, bytesPerSample: UInt16) -> ByteBuffer {
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
