import AsyncAlgorithms
import Audio
import SystemPackage
import Transcripts

/// Transcribes whole files without a database: decodes, finds the speech, and has several blocks recognized at a time.
///
/// Memory does not grow with the length of a file, because decoding waits for recognition, and recognition for the handler of the events.
/// A recognizer is borrowed for one block at a time, so that a short file overtakes a long one.
package struct Transcriber: Sendable {
    private let pool: @Sendable () async throws -> any BlockRecognizing
    private let rules: BlockCutter.Rules

    /// - Parameter pool: Recognizes the blocks. Called once in each transcription, and awaited only when the file is already being read,
    ///   so that a model may be loaded in the meantime.
    package init(
        rules: BlockCutter.Rules = BlockCutter.Rules(),
        pool: @escaping @Sendable () async throws -> any BlockRecognizing
    ) {
        self.pool = pool
        self.rules = rules
    }

    /// Transcribes a file and returns when that is done; throws `AudioError`, `SpeechError` or `CancellationError`.
    ///
    /// - Parameters:
    ///   - channels: With several, each channel is one speaker's and recognized by itself; pass the file's number of channels.
    ///   - threads: Processor threads for each block; nil for as many as there are idle cores.
    ///   - maximumDuration: A longer file is rejected.
    ///   - onEvent: Handles each event before the next one.
    package func transcribe(
        _ path: FilePath,
        options: TranscriptionOptions = TranscriptionOptions(),
        channels: Int = 1,
        threads: Int? = nil,
        maximumDuration: Duration? = nil,
        onEvent: (TranscriptionEvent) async throws -> Void
    ) async throws {
        FreeCores.shared.observe()
        let reader = BlockReader(path: path, options: options, channels: channels, maximumDuration: maximumDuration, rules: rules)
        let items = AsyncThrowingChannel<TranscriptionRun.Item, any Error>()
        try await withThrowingTaskGroup { group in
            group.addTask {
                do {
                    let outcome = try await reader.read { event in
                        switch event {
                        case .sound: break
                        case .block(let block): await items.send(.block(block))
                        case .settled(let time): await items.send(.settled(time))
                        }
                    }
                    await items.send(.end(outcome.end, damage: outcome.damage))
                    items.finish()
                } catch {
                    items.fail(error)
                }
            }
            let pool = try await pool()
            try pool.check(options)
            var run = TranscriptionRun(pool: pool, options: options, channels: channels, threads: threads)
            try await run.run(items, onEvent: onEvent)
            try await group.waitForAll()
        }
    }
}
