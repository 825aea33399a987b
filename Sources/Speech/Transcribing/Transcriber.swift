import Audio
import SystemPackage
import Transcripts

/// Transcribes whole files without a database: decodes, finds the speech, and has several blocks at a time recognized.
///
/// Memory does not grow with the length of a file, because decoding waits for recognition, and recognition for whoever takes the events.
/// A recognizer is borrowed for one block at a time, so that a short file overtakes a long one.
package struct Transcriber: Sendable {
    private let pool: @Sendable () async throws -> RecognizerPool
    private let rules: BlockCutter.Rules

    /// A transcriber whose speech is recognized by what `pool` lends, as many blocks side by side as it has recognizers.
    ///
    /// - Parameter pool: Asked for once in each transcription, and waited for only when a file is already being read, so that a model may
    ///   still be loading meanwhile.
    package init(rules: BlockCutter.Rules = BlockCutter.Rules(), pool: @escaping @Sendable () async throws -> RecognizerPool) {
        self.pool = pool
        self.rules = rules
    }

    /// The events of a transcription, which runs as long as someone listens.
    ///
    /// A listener whose task is cancelled sees the stream end. Parameters as in the other form.
    package func transcribe(
        _ path: FilePath,
        options: TranscriptionOptions = TranscriptionOptions(),
        channels: Int = 1,
        threads: Int? = nil,
        maximumDuration: Duration? = nil
    ) -> AsyncThrowingStream<TranscriptionEvent, any Error> {
        let events = BoundedQueue<TranscriptionEvent>(capacity: 8)
        // The stream's own task: it ends with the transcription, or is cancelled when the listener goes away.
        let task = Task {
            do {
                try await transcribe(
                    path,
                    options: options,
                    channels: channels,
                    threads: threads,
                    maximumDuration: maximumDuration
                ) { try await events.send($0) }
                events.finish()
            } catch {
                events.finish(throwing: error)
            }
        }
        let listener = Listener(task)
        return AsyncThrowingStream {
            try await withTaskCancellationHandler {
                do {
                    return try await events.next()
                } catch is CancellationError {
                    return nil
                }
            } onCancel: {
                listener.leave()
            }
        }
    }

    /// Transcribes a file and returns when that is done; throws `AudioError`, `SpeechError` or `CancellationError`.
    ///
    /// - Parameters:
    ///   - channels: With several, each channel is one speaker's and recognized by itself; give the file's number of them.
    ///   - threads: Processor threads for each block; nil for as many as there are idle cores.
    ///   - maximumDuration: A longer file is refused.
    ///   - onEvent: Waited for at each event.
    package func transcribe(
        _ path: FilePath,
        options: TranscriptionOptions = TranscriptionOptions(),
        channels: Int = 1,
        threads: Int? = nil,
        maximumDuration: Duration? = nil,
        onEvent: @escaping @Sendable (TranscriptionEvent) async throws -> Void
    ) async throws {
        FreeCores.shared.observe()
        let reader = BlockReader(path: path, options: options, channels: channels, maximumDuration: maximumDuration, rules: rules)
        let items = BoundedQueue<TranscriptionCourse.Item>(capacity: 2)
        try await withThrowingTaskGroup { group in
            group.addTask {
                do {
                    let end = try await reader.read { event in
                        switch event {
                        case .sound: break
                        case .block(let block): try await items.send(.block(block))
                        case .settled(let time): try await items.send(.settled(time))
                        }
                    }
                    try await items.send(.end(end))
                    items.finish()
                } catch {
                    items.finish(throwing: error)
                }
            }
            let pool = try await pool()
            try pool.model.check(options)
            var course = TranscriptionCourse(pool: pool, options: options, channels: channels, threads: threads)
            try await course.run(items, onEvent: onEvent)
            try await group.waitForAll()
        }
    }
}

/// Cancels a transcription when nobody can listen to it any more.
private final class Listener: Sendable {
    private let task: Task<Void, Never>

    init(_ task: Task<Void, Never>) {
        self.task = task
    }

    func leave() { task.cancel() }

    deinit {
        task.cancel()
    }
}
