import CWhisper
import Foundation

/// Measures the engine's speed by repeating the same work: one window of sound and a short sentence.
actor EngineBenchmark {
    /// The engine's working memory with a thread of its own.
    private actor Runner {
        private static let words = 16

        private let executor = SerialQueueExecutor(label: "earshot.calibration")
        private let model: WhisperModel
        private let memory: WorkingMemory

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(model: WhisperModel) throws {
            self.model = model
            memory = try WorkingMemory(for: model)
        }

        /// Encodes a window and decodes a few tokens, which are always the same so that the time does not depend on the sound.
        func pass(threads: Int) throws {
            try Task.checkCancellation()
            let (context, threads) = (model.context, Int32(threads))
            let sound = (0..<16_000).map { sin(Float($0) * Float($0) / 60_000) / 4 }
            var code = whisper_pcm_to_mel_with_state(context, memory.state, sound, Int32(sound.count), threads)
            if code == 0 { code = whisper_encode_with_state(context, memory.state, 0, threads) }
            var token = whisper_token_sot(context)
            for word in 0..<Self.words where code == 0 {
                try Task.checkCancellation()
                code = whisper_decode_with_state(context, memory.state, &token, 1, Int32(word), threads)
            }
            guard code == 0 else { throw SpeechError.engineFailed(code: code) }
        }
    }

    private let model: WhisperModel
    private var runners: [Runner] = []
    private var size = 0

    /// A benchmark whose first runner is warm.
    init(model: WhisperModel) async throws {
        self.model = model
        let before = Memory.resident
        let first = try Runner(model: model)
        try await first.pass(threads: 1)
        runners = [first]
        size = max(0, Memory.resident - before)
    }

    /// Passes a second of `recognizers` recognizers together, the better of two tries; nil where memory does not suffice.
    func speed(recognizers: Int, threads: Int) async throws -> Double? {
        while runners.count < recognizers {
            // Half of the free memory stays free, for the weights of the next model and for other processes.
            guard size < Memory.available / 2 else { return nil }
            runners.append(try Runner(model: model))
        }
        let first = try await time(runners.prefix(recognizers), threads: threads)
        // A slow model's figures are steady enough after one.
        let second = first < .seconds(1) ? try await time(runners.prefix(recognizers), threads: threads) : first
        return Double(recognizers) / (min(first, second) / .seconds(1))
    }

    private func time(_ runners: ArraySlice<Runner>, threads: Int) async throws -> Duration {
        try await ContinuousClock().measure {
            try await withThrowingTaskGroup { group in
                for runner in runners { group.addTask { try await runner.pass(threads: threads) } }
                try await group.waitForAll()
            }
        }
    }
}
