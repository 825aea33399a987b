import Basics
import Logging
import Subprocess
import SystemPackage

/// Turns any media file into the sound that speech recognition wants: 16,000 samples per second, all channels mixed or each by itself.
package struct AudioDecoder: Sendable {
    /// Samples per second of what `decode` hands on.
    package static let sampleRate = 16_000

    private let path: FilePath
    private let channels: Int
    private let range: Range<Int>
    private let maximumDuration: Duration?
    private let patience: Duration

    /// A decoder of the first audio stream of `path`.
    ///
    /// - Parameters:
    ///   - channels: 1 to mix all channels into one; more for the first so many by themselves. Give the file's own number: those that
    ///     it does not have are silent.
    ///   - range: The part to hand on, in samples from the file's beginning. Decoding ends with it.
    ///   - maximumDuration: A file whose sound goes on for longer is refused, if that is met before the end of the range.
    ///   - patience: A file that makes ffmpeg work for so long without any sound coming out is given up.
    package init(
        path: FilePath,
        channels: Int = 1,
        range: Range<Int> = 0..<Int.max,
        maximumDuration: Duration? = nil,
        patience: Duration = .seconds(60)
    ) {
        self.path = path
        self.channels = max(1, channels)
        self.range = range
        self.maximumDuration = maximumDuration
        self.patience = patience
    }

    /// Hands on the samples (-1…1) of the first channel, or of the mix of all, as `decodeChannels` does.
    package func decode(_ consume: ([Float]) async throws -> Void) async throws {
        try await decodeChannels { _, sound in try await consume(sound[0]) }
    }

    /// Hands on the place of a piece of sound in the file and its samples (-1…1) for each channel, in order, at most one second at a
    /// time, and waits for `consume` before it reads on.
    ///
    /// Gaps in a file's clock are filled with silence, so that a sample's place is its time in the file, whatever the range: what lies
    /// before it is decoded and dropped, because no container's seeking is exact. A damaged file gives what could be read of it. Throws
    /// an `AudioError`, or what `consume` throws; in every case ffmpeg has ended when this returns.
    package func decodeChannels(_ consume: (_ start: Int, _ sound: [[Float]]) async throws -> Void) async throws {
        try MediaTool.inspect(path)
        guard !range.isEmpty else { return }
        let watch = Stopwatch()
        var reader = SoundReader()
        var mixer = ChannelMixer(channels: channels)
        let outcome: ExecutionResult<Complaint, SequenceOutput, SequenceOutput>
        do {
            outcome = try await run(
                MediaTool.ffmpeg.executable,
                arguments: Arguments(arguments),
                environment: MediaTool.environment,
                input: .none,
                output: .sequence,
                error: .sequence
            ) { execution in
                async let complaint = tail(of: execution.standardError)
                async let _ = guardAgainstStall(watch) { try? execution.send(signal: .kill) }
                var output = execution.standardOutput.makeAsyncIterator()
                while let bytes = try await watch.measured({ try await output.next() }) {
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
        if watch.hasRunOut { throw AudioError.timedOut }
        try judge(outcome.terminationStatus, outcome.closureResult, count: reader.count)
    }

    /// What of a piece is in the range, with its place and the channels that are wanted.
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
        // ffmpeg knows best what belongs where in surround sound; how two channels are mixed is decided here.
        if channels <= 2 { filters[1] += ":channel_layouts=mono|stereo" }
        if range.upperBound < .max { filters.append("atrim=end_sample=\(range.upperBound)") }
        // Sun's format is the simplest one that tells the number of channels and needs no length.
        return ["-nostdin"] + MediaTool.input(path) + [
            "-map", "0:a:0", "-af", filters.joined(separator: ","), "-map_metadata", "-1", "-c:a", "pcm_s16be", "-f", "au", "pipe:1",
        ]
    }

    private func guardAgainstStall(_ watch: Stopwatch, kill: @Sendable () -> Void) async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            guard watch.runsOut(after: patience) else { continue }
            return kill()
        }
    }

    private func checkLength(_ count: Int) throws {
        guard let maximumDuration else { return }
        let limit = Int(clamping: maximumDuration / .seconds(1))
        guard Duration.seconds(1) * count / Self.sampleRate <= maximumDuration else { throw AudioError.tooLong(limitSeconds: limit) }
    }

    private func judge(_ status: TerminationStatus, _ complaint: Complaint, count: Int) throws {
        if case .signaled(let signal) = status { throw AudioError.unreadable(reason: "ffmpeg was stopped by signal \(signal)") }
        if complaint.meansNoAudio { throw AudioError.noAudio }
        guard count > 0 else { throw AudioError.unreadable(reason: status.isSuccess ? "it holds no sound" : complaint.reason) }
        guard !status.isSuccess else { return }
        Logger.current.warning("Decoded what could be read of a damaged file", metadata: ["reason": "\(complaint.reason)"])
    }
}

/// The last few kilobytes of what a program said, so that a noisy one neither blocks nor fills the memory.
private func tail(of output: SubprocessOutputSequence) async throws -> String {
    var bytes: [UInt8] = []
    for try await chunk in output {
        chunk.withUnsafeBytes { bytes.append(contentsOf: $0) }
        bytes.removeFirst(max(0, bytes.count - 4096))
    }
    return String(decoding: bytes, as: UTF8.self)
}
