import Basics
import Foundation
import SystemPackage
import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The decoded sound of a recording while it is being transcribed, so that any worker can read any stretch of it at once.
///
/// A file of 16-bit samples at 16 kHz, little-endian, channels interleaved: 115 MB an hour and channel. A sample's place in the file
/// is its place in the recording; parts that are not to be transcribed are holes.
package final class SoundSpool: Sendable {
    /// Samples per second and channel.
    package static let sampleRate = 16_000

    /// The bytes of a stretch of sound: 32 in a millisecond of a channel.
    static func bytes(for length: Timestamp, channels: Int) -> Int64 {
        let bytes = Int64(clamping: length.milliseconds).multipliedReportingOverflow(by: 32 * Int64(clamping: channels))
        return bytes.overflow ? .max : bytes.partialValue
    }

    private let descriptor: FileDescriptor
    private let channels: Int
    private let checkSpace: @Sendable () throws -> Void

    init(path: FilePath, channels: Int, isWriter: Bool, makesFile: Bool = true, checkSpace: @escaping @Sendable () throws -> Void = {})
        throws
    {
        descriptor = try FileDescriptor.open(
            path,
            isWriter ? .writeOnly : .readOnly,
            options: isWriter && makesFile ? [.create, .closeOnExec] : .closeOnExec,
            permissions: [.ownerReadWrite, .groupRead]
        )
        self.channels = channels
        self.checkSpace = checkSpace
    }

    deinit { try? descriptor.close() }

    /// Writes a stretch that begins at sample `start`, with as many samples (-1…1) of each channel.
    package func write(_ sound: [[Float]], at start: Int) async throws {
        let count = sound.first?.count ?? 0
        var samples = [Int16](repeating: 0, count: count * channels)
        for (channel, values) in sound.prefix(channels).enumerated() {
            for (index, value) in values.enumerated() {
                // NaN and values that are too loud must not trap.
                samples[index * channels + channel] = Int16(clamping: Double(value * 32_768).rounded()).littleEndian
            }
        }
        let bytes = samples
        let offset = Int64(start * channels * 2)
        try await blocking { [self] in
            // Writes come once for each second of sound; a check a minute is enough.
            if (start / Self.sampleRate).isMultiple(of: 60) { try checkSpace() }
            _ = try bytes.withUnsafeBytes { try descriptor.writeAll(toAbsoluteOffset: offset, $0) }
        }
    }

    /// Gives the disk back what was written before a time; it reads as silence from then on. Does nothing where the system can't do that.
    func release(until end: Timestamp) async throws {
        let length = Self.bytes(for: end, channels: channels)
        guard length > 0 else { return }
        #if os(Linux)
            try await blocking { [self] in
                let size = try descriptor.seek(offset: 0, from: .end)
                // FALLOC_FL_KEEP_SIZE and FALLOC_FL_PUNCH_HOLE.
                guard systemFallocate(descriptor.rawValue, 0x01 | 0x02, 0, min(size, length)) != 0 else { return }
                guard errno != EOPNOTSUPP, errno != EINVAL, errno != ENOSYS else { return }
                throw Errno(rawValue: errno)
            }
        #endif
    }

    /// Makes sure that the written samples survive a power cut.
    package func flush() async throws {
        try await blocking { [self] in
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    /// The samples of a stretch of one channel; fewer than `count` where the recording ends before.
    package func read(channel: Int, from start: Int, count: Int) async throws -> [Float] {
        let channels = channels
        return try await blocking { [self] in
            let frame = channels * 2
            let bytes = try [UInt8](unsafeUninitializedCapacity: count * frame) { buffer, filled in
                while filled < count * frame {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                    let got = try descriptor.read(fromAbsoluteOffset: Int64(start * frame + filled), into: rest)
                    if got == 0 { break }
                    filled += got
                }
            }
            return bytes.withUnsafeBytes { raw in
                (0..<raw.count / frame).map { index in
                    Float(Int16(littleEndian: raw.loadUnaligned(fromByteOffset: index * frame + channel * 2, as: Int16.self))) / 32_768
                }
            }
        }
    }
}

#if os(Linux)
    /// `fallocate`, which Swift does not import because the C library declares it as an extension only.
    @_silgen_name("fallocate")
    private func systemFallocate(_ descriptor: Int32, _ mode: Int32, _ offset: Int64, _ length: Int64) -> Int32
#endif
