import CWhisper
import Transcripts

/// Turns samples into text, one block at a time, on a thread of its own.
///
/// Every block is recognized by itself: nothing of an earlier one changes its text.
package actor Recognizer {
    private let executor = SerialQueueExecutor(label: "earshot.recognizer")
    private let model: WhisperModel
    private var memory: WorkingMemory?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A recognizer without working memory yet; the first block brings it.
    package init(model: WhisperModel) {
        self.model = model
    }

    /// Finds the language that is spoken in the first 30 seconds of the samples.
    ///
    /// - Parameter threads: Processor threads; nil for as many as there are idle cores.
    package func detectLanguage(of samples: [Float], threads: Int? = nil) throws -> SpokenLanguage {
        guard model.isMultilingual else { return SpokenLanguage(code: "en", probability: 1) }
        let state = try workingState()
        var probabilities = [Float](repeating: 0, count: Int(whisper_lang_max_id()) + 1)
        let share = FreeCores.shared.begin()
        defer { FreeCores.shared.end() }
        let threads = Int32(threads ?? share)
        let code = whisper_pcm_to_mel_with_state(model.context, state, samples, Int32(samples.count), threads)
        guard code == 0 else { throw SpeechError.engineFailed(code: code) }
        let language = whisper_lang_auto_detect_with_state(model.context, state, 0, threads, &probabilities)
        try Task.checkCancellation()
        guard language >= 0, let name = whisper_lang_str(language) else { throw SpeechError.engineFailed(code: language) }
        return SpokenLanguage(code: String(cString: name), probability: Double(probabilities[Int(language)]))
    }

    /// Recognizes a block of at most 30 seconds of samples at 16 kHz, handing on each segment as soon as the engine has it.
    ///
    /// Blocks this actor's thread. When the calling task is cancelled, the engine stops after the step that it is at, and this throws
    /// `CancellationError`. Throws `SpeechError` otherwise.
    package func transcribe(
        _ samples: [Float],
        options: RecognitionOptions,
        onSegment: @escaping @Sendable (Segment) -> Void = { _ in }
    ) throws -> RecognizedBlock {
        try Task.checkCancellation()
        let spoken = try options.language == nil ? detectLanguage(of: samples, threads: options.threads) : nil
        let language = try spoken?.code ?? known(options.language ?? "en")
        let duration = Timestamp(milliseconds: samples.count * 1000 / Int(WHISPER_SAMPLE_RATE))
        var recognition = Recognition(duration: duration, onSegment: onSegment)
        let share = FreeCores.shared.begin()
        defer { FreeCores.shared.end() }
        let code = try run(&recognition, samples, language: language, options: options, threads: options.threads ?? share)
        if code != 0 || recognition.usedChance || options.temperature > 0 { renewMemory(after: code) }
        try Task.checkCancellation()
        guard code == 0 else { throw SpeechError.engineFailed(code: code) }
        return RecognizedBlock(language: language, languageProbability: spoken?.probability, segments: recognition.segments)
    }

    /// The engine's code for a language that may be written in other ways; English-only models hear English in everything.
    private func known(_ language: String) throws -> String {
        guard model.isMultilingual else { return "en" }
        guard let code = Language(code: language)?.code, whisper_lang_id(code) >= 0 else { throw SpeechError.languageUnknown(language) }
        return code
    }

    private func run(
        _ recognition: inout Recognition,
        _ samples: [Float],
        language: String,
        options: RecognitionOptions,
        threads: Int
    ) throws -> Int32 {
        let state = try workingState()
        memory?.blot(for: model)
        var parameters = EngineParameters.make(options, threads: threads)
        return withUnsafeMutablePointer(to: &recognition) { recognition in
            EngineParameters.listen(&parameters, reportingTo: recognition)
            return language.withCString { language in
                withOptionalCString(options.prompt) { prompt in
                    parameters.language = language
                    parameters.initial_prompt = prompt
                    return whisper_full_with_state(model.context, state, parameters, samples, Int32(samples.count))
                }
            }
        }
    }

    private func workingState() throws(SpeechError) -> OpaquePointer {
        if let state = memory?.state { return state }
        let fresh = try WorkingMemory(for: model)
        let state = fresh.state
        memory = consume fresh
        return state
    }

    /// Drops memory whose dice have been thrown, so that the next block's text does not depend on this one.
    private func renewMemory(after code: Int32) {
        let used = memory.take()
        // At -7 the engine has freed the state itself.
        if code == -7 { used?.forget() }
    }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) throws -> Result) rethrows -> Result {
    guard let text else { return try body(nil) }
    return try text.withCString(body)
}
