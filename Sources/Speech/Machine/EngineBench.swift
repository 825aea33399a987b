import CWhisper
import Foundation

/// Measures how fast the engine works: the same work again and again, one window of sound and a short sentence.
actor EngineBench {
    /// A state with a thread of its own.
    private actor Stand {
        private static let words = 16

        private let executor = SerialQueueExecutor(label: "earshot.calibration")
        private let model: WhisperModel
        private let memory: WorkingMemory

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(model: WhisperModel) throws {
            self.model = model
            memory = try WorkingMemory(for: model)
        }

        /// Encodes a window and writes a few words, which are always the same: what real sound would give depends on the sound.
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
    private var stands: [Stand] = []
    private var size = 0

    /// A bench whose first state is ready and warm.
    init(model: WhisperModel) async throws {
        self.model = model
        let before = Memory.resident
        let first = try Stand(model: model)
        try await first.pass(threads: 1)
        stands = [first]
        size = max(0, Memory.resident - before)
    }

    /// Passes a second of so many recognizers together, the better of two tries; nil where there is no memory for them.
    func speed(recognizers: Int, threads: Int) async throws -> Double? {
        while stands.count < recognizers {
            // Half of what is free has to stay free, for the weights of the next model and for everybody else.
            guard size < Memory.available / 2 else { return nil }
            stands.append(try Stand(model: model))
        }
        let first = try await time(stands.prefix(recognizers), threads: threads)
        // A slow model's figures are steady enough.
        let second = first < .seconds(1) ? try await time(stands.prefix(recognizers), threads: threads) : first
        return Double(recognizers) / (min(first, second) / .seconds(1))
    }

    private func time(_ stands: ArraySlice<Stand>, threads: Int) async throws -> Duration {
        try await ContinuousClock().measure {
            try await withThrowingTaskGroup { group in
                for stand in stands { group.addTask { try await stand.pass(threads: threads) } }
                try await group.waitForAll()
            }
        }
    }
}
