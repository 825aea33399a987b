import Logging
import Subprocess
import SystemPackage

/// Turns any media file into the sound that speech recognition wants: one channel, 16,000 samples per second.
package struct AudioDecoder: Sendable {
    /// Samples per second of what `decode` hands on.
    package static let sampleRate = 16_000

    private let path: FilePath
    private let maximumDuration: Duration?
    private let patience: Duration

    /// A decoder of the first audio stream of `path`.
    ///
    /// A file whose sound goes on for longer than `maximumDuration` is refused; one that makes ffmpeg work for `patience`
    /// without any sound coming out is given up.
    package init(path: FilePath, maximumDuration: Duration? = nil, patience: Duration = .seconds(60)) {
        self.path = path
        self.maximumDuration = maximumDuration
        self.patience = patience
    }

    /// Hands on the samples (-1…1) in order, at most one second at a time, and waits for `consume` before it reads on.
    ///
    /// Gaps in a file's clock are filled with silence, so that a sample's place is its time in the file. A damaged file gives what
    /// could be read of it. Throws an `AudioError`, or what `consume` throws; in every case ffmpeg has ended when this returns.
    package func decode(_ consume: ([Float]) async throws -> Void) async throws {
        try MediaTool.inspect(path)
        let watch = Stopwatch()
        var samples = SampleReader()
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
                    for chunk in bytes.withUnsafeBytes({ samples.read($0) }) {
                        try Task.checkCancellation()
                        try checkLength(samples.count)
                        try await consume(chunk)
                    }
                }
                return Complaint(try await complaint, about: path)
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw MediaTool.ffmpeg.failure(error)
        }
        try Task.checkCancellation()
        if watch.hasRunOut { throw AudioError.timedOut }
        try judge(outcome.terminationStatus, outcome.closureResult, count: samples.count)
    }

    private var arguments: [String] {
        ["-nostdin"] + MediaTool.input(path) + [
            "-map", "0:a:0", "-af", "aresample=\(Self.sampleRate):async=1:first_pts=0",
            "-f", "s16le", "-ac", "1", "-ar", "\(Self.sampleRate)", "pipe:1",
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
        let limit = Int(maximumDuration / .seconds(1))
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
