import Audio
import SystemPackage
import Transcripts

/// Transcribes whole files: decodes, finds the speech, and has it recognized block by block.
///
/// Memory does not grow with the length of a file, because decoding waits for recognition. A recognizer is borrowed for one block at a
/// time, so that a short file overtakes a long one.
package struct Transcriber: Sendable {
    private let pool: RecognizerPool
    private let rules: BlockCutter.Rules

    /// A transcriber whose speech is recognized by what `pool` lends.
    package init(pool: RecognizerPool, rules: BlockCutter.Rules = BlockCutter.Rules()) {
        self.pool = pool
        self.rules = rules
    }

    /// The events of a transcription, which runs as long as someone listens.
    ///
    /// A listener whose task is cancelled sees the stream end without an error. Parameters as in the other form.
    package func transcribe(
        _ path: FilePath,
        options: RecognitionOptions,
        expectedDuration: Timestamp? = nil,
        from start: Timestamp = .zero,
        maximumDuration: Duration? = nil
    ) -> AsyncThrowingStream<TranscriptionEvent, any Error> {
        AsyncThrowingStream { continuation in
            // The stream's own task: it ends with the transcription, or is cancelled when the listener goes away.
            let task = Task {
                do {
                    try await transcribe(
                        path,
                        options: options,
                        expectedDuration: expectedDuration,
                        from: start,
                        maximumDuration: maximumDuration
                    ) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Transcribes a file and returns when that is done; throws `AudioError`, `SpeechError` or `CancellationError`.
    ///
    /// With `from` at the end of an earlier `CompletedBlock`, only what comes after it is recognized; give the language that was found
    /// then. `expectedDuration` is only handed on with the progress.
    package func transcribe(
        _ path: FilePath,
        options: RecognitionOptions,
        expectedDuration: Timestamp? = nil,
        from start: Timestamp = .zero,
        maximumDuration: Duration? = nil,
        onEvent: @escaping @Sendable (TranscriptionEvent) -> Void
    ) async throws {
        FreeCores.shared.observe()
        let activity = VoiceActivity()
        var cutter = BlockCutter(rules: rules)
        var course = Course(pool: pool, options: options, expectedDuration: expectedDuration, start: start, onEvent: onEvent)
        try await AudioDecoder(path: path, maximumDuration: maximumDuration).decode { samples in
            let probabilities = try await activity.probabilities(of: samples)
            for block in cutter.append(samples: samples, probabilities: probabilities) {
                try await course.recognize(block)
            }
            course.hear(samples.count, isSilent: !cutter.isCollecting)
        }
        let last = try await activity.finish()
        for block in cutter.append(samples: [], probabilities: last) + cutter.finish() {
            try await course.recognize(block)
        }
        course.finish()
    }
}

/// One transcription's way through its file.
private struct Course {
    private let pool: RecognizerPool
    private let expectedDuration: Timestamp?
    private let start: Timestamp
    private let onEvent: @Sendable (TranscriptionEvent) -> Void

    private var options: RecognitionOptions
    private var heard = 0
    private var position = Timestamp.zero

    init(
        pool: RecognizerPool,
        options: RecognitionOptions,
        expectedDuration: Timestamp?,
        start: Timestamp,
        onEvent: @escaping @Sendable (TranscriptionEvent) -> Void
    ) {
        self.pool = pool
        self.options = options
        self.expectedDuration = expectedDuration
        self.start = start
        self.onEvent = onEvent
    }

    mutating func recognize(_ whole: Block) async throws {
        guard let block = remainder(of: whole) else { return }
        let recognized = try await pool.withRecognizer { [options, onEvent] recognizer in
            var options = options
            var found: SpokenLanguage?
            if options.language == nil {
                let spoken = try await recognizer.detectLanguage(of: block.samples, threads: options.threads)
                onEvent(.language(code: spoken.code, probability: spoken.probability))
                options.language = spoken.code
                found = spoken
            }
            let offset = Timestamp(sample: block.start)
            let result = try await recognizer.transcribe(block.samples, options: options) { onEvent(.segment($0.moved(by: offset))) }
            return (segments: result.segments.map { $0.moved(by: offset) }, language: found?.code)
        }
        // A block without words may have been noise, which is of no language.
        if !recognized.segments.isEmpty { options.language = options.language ?? recognized.language }
        let end = Timestamp(sample: block.end)
        onEvent(.block(CompletedBlock(end: end, segments: recognized.segments)))
        report(end)
    }

    /// What of a block comes after the start.
    private func remainder(of block: Block) -> Block? {
        guard Timestamp(sample: block.end) > start else { return nil }
        guard Timestamp(sample: block.start) < start else { return block }
        let first = start.milliseconds * 16
        return Block(start: first, samples: Array(block.samples[(first - block.start)...]))
    }

    mutating func hear(_ count: Int, isSilent: Bool) {
        heard += count
        let time = Timestamp(sample: heard)
        // In long silence, ten seconds at a time are news enough.
        if isSilent, time > start, time - position >= Timestamp(milliseconds: 10_000) { report(time) }
    }

    mutating func finish() {
        let duration = Timestamp(sample: heard)
        report(duration)
        onEvent(.finished(duration: duration))
    }

    private mutating func report(_ time: Timestamp) {
        position = max(position, time)
        onEvent(.progress(position: position, of: expectedDuration))
    }
}
