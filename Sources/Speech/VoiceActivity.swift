import CWhisper
import Foundation

/// Tells speech from other sound, in a stream of samples, with the Silero model; on a thread of its own.
package actor VoiceActivity {
    /// Samples at 16 kHz that one probability stands for: 32 milliseconds.
    package static let window = 512

    private let executor = SerialQueueExecutor(label: "earshot.voice-activity")
    private var detector: Detector?
    private var leftover: [Float] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A detector at the beginning of a stream.
    package init() {}

    /// The probability of speech in each window that these samples complete; what is left over counts with the next samples.
    package func probabilities(of samples: [Float]) throws -> [Float] {
        let all = leftover + samples
        let whole = all.count / Self.window * Self.window
        leftover = Array(all[whole...])
        return try detect(Array(all[..<whole]))
    }

    /// The probability of speech in the last, incomplete window; nothing if there is none.
    package func finish() throws -> [Float] {
        defer { leftover = [] }
        return try detect(leftover)
    }

    private func detect(_ samples: [Float]) throws -> [Float] {
        guard !samples.isEmpty else { return [] }
        if detector == nil { detector = try Detector() }
        let context = detector?.context
        guard whisper_vad_detect_speech_no_reset(context, samples, Int32(samples.count)), let first = whisper_vad_probs(context) else {
            throw SpeechError.engineFailed(code: -1)
        }
        return Array(UnsafeBufferPointer(start: first, count: Int(whisper_vad_n_probs(context))))
    }
}

/// The Silero network with its memory of the stream so far.
private struct Detector: ~Copyable {
    let context: OpaquePointer

    init() throws(SpeechError) {
        _ = EngineLog.isRedirected
        let path = Bundle.module.path(forResource: "silero-vad", ofType: "bin") ?? "silero-vad.bin"
        var parameters = whisper_vad_default_context_params()
        parameters.n_threads = 1
        guard let context = whisper_vad_init_from_file_with_params(path, parameters) else { throw .voiceActivityUnreadable(path: path) }
        whisper_vad_reset_state(context)
        self.context = context
    }

    deinit {
        whisper_vad_free(context)
    }
}
