import Basics
import Logging
import Subprocess
import SystemPackage

/// Decodes a media file to the input of speech recognition: 16,000 samples per second, with all channels mixed or separate.
package struct AudioDecoder: Sendable {
    /// Samples per second of the decoded sound.
    package static let sampleRate = 16_000

    private let path: FilePath
    private let channels: Int
    private let range: Range<Int>
    private let maximumDuration: Duration?
    private let patience: Duration
    private let gate: MediaGate

    /// A decoder of the first audio stream of `path`.
    ///
    /// - Parameters:
    ///   - channels: 1 to mix all channels into one; otherwise the file's number of channels, which stay separate. Further ones are silent.
    ///   - range: The range to decode, in samples from the file's beginning.
    ///   - maximumDuration: A file whose sound is longer is rejected, if that is found before the end of the range.
    ///   - patience: How long ffmpeg may work without output.
    ///   - gate: Limits how many files are decoded at the same time.
    package init(
        path: FilePath,
        channels: Int = 1,
        range: Range<Int> = 0..<Int.max,
        maximumDuration: Duration? = nil,
        patience: Duration = .seconds(60),
        gate: MediaGate = .decoders
    ) {
        self.path = path
        self.channels = max(1, channels)
        self.range = range
        self.maximumDuration = maximumDuration
        self.patience = patience
        self.gate = gate
    }

    /// Passes the samples (-1…1) of the first channel, or of the mix of all, to `consume`, as `decodeChannels` does.
    @discardableResult
    package func decode(_ consume: ([Float]) async throws -> Void) async throws -> DecodedSound {
        try await decodeChannels { _, sound in try await consume(sound[0]) }
    }

    /// Passes pieces of sound to `consume` in order: the number of the first sample in the file, and the samples (-1…1) of each channel, at
    /// most a second of them. Awaits `consume` before it continues to read.
    ///
    /// Gaps in a file's clock are filled with silence, so that a sample's number is its time in the file. Sound before the range is decoded
    /// and dropped, because no container's seeking is exact. A damaged file is decoded as far as possible, and the result says so. Throws an
    /// `AudioError`, or the error of `consume`; in every case ffmpeg has ended when this returns.
    @discardableResult
    package func decodeChannels(_ consume: (_ start: Int, _ sound: [[Float]]) async throws -> Void) async throws -> DecodedSound {
        try await MediaFile(path: path).check()
        guard !range.isEmpty else { return DecodedSound(sampleCount: 0, damage: nil) }
        return try await gate.run { try await runTool(consume) }
    }

    private func runTool(_ consume: (_ start: Int, _ sound: [[Float]]) async throws -> Void) async throws -> DecodedSound {
        let stallGuard = StallGuard()
        var reader = SoundReader()
        var mixer = ChannelMixer(channels: channels)
        let outcome: ExecutionResult<Complaint, SequenceOutput, SequenceOutput>
        do {
            outcome = try await run(
                MediaTool.ffmpeg.command(arguments),
                input: .none,
                output: .sequence,
                error: .sequence
            ) { execution in
                async let complaint = tail(of: execution.standardError)
                async let _ = guardAgainstStall(stallGuard) { try? execution.send(signal: .kill) }
                var output = execution.standardOutput.makeAsyncIterator()
                while let bytes = try await stallGuard.measured({ try await output.next() }) {
                    for second in bytes.withUnsafeBytes({ reader.read($0) }) {
                        guard let (start, sound) = try part(of: second, mixer: &mixer) else { continue }
                        try await consume(start, sound)
                    }
                }
                if let rest = reader.finish(), let (start, sound) = try part(of: rest, mixer: &mixer) { try await consume(start, sound) }
                return Complaint(try await complaint, about: path)
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw MediaTool.ffmpeg.failure(error)
        }
        try Task.checkCancellation()
        if stallGuard.hasRunOut { throw AudioError.timedOut }
        return try await judge(outcome.terminationStatus, outcome.closureResult, count: reader.count)
    }

    /// The part of a piece that is in the range, with the requested channels.
    private func part(of piece: SoundReader.Piece, mixer: inout ChannelMixer) throws -> (start: Int, sound: [[Float]])? {
        try Task.checkCancellation()
        let place = piece.start..<piece.start + piece.count
        try checkLength(place.upperBound)
        let sound = mixer.mix(piece.channels)
        let wanted = range.clamped(to: place)
        guard !wanted.isEmpty else { return nil }
        guard wanted != place else { return (place.lowerBound, sound) }
        return (wanted.lowerBound, sound.map { Array($0[wanted.lowerBound - place.lowerBound..<wanted.upperBound - place.lowerBound]) })
    }

    private var arguments: [String] {
        var filters = ["aresample=\(Self.sampleRate):async=1:first_pts=0", "aformat=sample_rates=\(Self.sampleRate)"]
        // ffmpeg mixes surround sound; two channels are mixed by `ChannelMixer`.
        if channels <= 2 { filters[1] += ":channel_layouts=mono|stereo" }
        if range.upperBound < .max { filters.append("atrim=end_sample=\(range.upperBound)") }
        // Sun's format is the simplest one that has the number of channels and needs no length.
        return ["-nostdin"] + MediaTool.input(path) + [
            "-map", "0:a:0", "-af", filters.joined(separator: ","), "-map_metadata", "-1", "-c:a", "pcm_s16be", "-f", "au", "pipe:1",
        ]
    }

    private func guardAgainstStall(_ stallGuard: StallGuard, kill: @Sendable () -> Void) async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            guard stallGuard.runsOut(after: patience) else { continue }
            return kill()
        }
    }

    private func checkLength(_ count: Int) throws {
        guard let maximumDuration else { return }
        let limit = Int(clamping: maximumDuration / .seconds(1))
        guard Duration.seconds(1) * count / Self.sampleRate <= maximumDuration else { throw AudioError.tooLong(limitSeconds: limit) }
    }

    private func judge(_ status: TerminationStatus, _ complaint: Complaint, count: Int) async throws -> DecodedSound {
        if case .signaled = status { throw await MediaTool.ffmpeg.failure(status, complaint) }
        guard count > 0 else { throw await MediaTool.ffmpeg.failure(status, complaint) }
        var damage = complaint.damage
        if damage == nil, !status.isSuccess || complaint.namesSystemError { damage = complaint.reason ?? "ffmpeg ended with \(status)" }
        // What looks like damage may be a disk that can't be read there.
        if damage != nil { try await MediaFile(path: path).check(thoroughly: true) }
        if let damage { Logger.current.warning("A damaged file was decoded as far as possible", metadata: ["reason": "\(damage)"]) }
        return DecodedSound(sampleCount: count, damage: damage)
    }
}

/// The last few kilobytes of a program's output, so that a verbose program neither blocks nor fills the memory.
private func tail(of output: SubprocessOutputSequence) async throws -> String {
    var bytes: [UInt8] = []
    for try await chunk in output {
        chunk.withUnsafeBytes { bytes.append(contentsOf: $0) }
        bytes.removeFirst(max(0, bytes.count - 4096))
    }
    return String(decoding: bytes, as: UTF8.self)
}
