import CWhisper
import Transcripts

/// Turns samples into text, one block at a time, on a thread of its own.
///
/// Each block is recognized by itself: no earlier block changes its text.
package actor Recognizer {
    private let executor = SerialQueueExecutor(label: "earshot.recognizer")
    private let model: WhisperModel
    private var memory: WorkingMemory?

    /// The language that was found last, with which the next block is begun before its own is known; a wrong guess only costs time.
    private var guess = "en"

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A recognizer without working memory, which the first block allocates.
    package init(model: WhisperModel) {
        self.model = model
    }

    /// The probability of each language, and of no speech, in the first 30 seconds of the samples.
    ///
    /// Blocks this actor's thread. Throws `CancellationError` when the calling task is cancelled, and `SpeechError`.
    package func languageProbabilities(of samples: [Float], threads: Int) throws -> LanguageProbabilities {
        try Task.checkCancellation()
        let state = try workingState()
        var code = whisper_pcm_to_mel_with_state(model.context, state, samples, Int32(samples.count), Int32(threads))
        if code == 0 { code = whisper_encode_with_state(model.context, state, 0, Int32(threads)) }
        try Task.checkCancellation()
        guard code == 0 else { throw SpeechError.engineFailed(code: code) }
        guard let found = LanguageProbe(model: model, state: state, threads: threads).languageProbabilities() else {
            throw SpeechError.engineFailed(code: -1)
        }
        return found
    }

    /// Recognizes a block of at most 30 seconds.
    ///
    /// Blocks this actor's thread. When the calling task is cancelled, the engine stops after its current step, and this throws
    /// `CancellationError`. Throws `SpeechError` otherwise.
    package func recognize(_ block: Block, options: RecognitionOptions, threads: Int) throws -> RecognizedBlock {
        try Task.checkCancellation()
        var choice = try LanguageChoice(options, model: model.sizes, guess: guess)
        let loudness = Loudness(block.samples)
        guard !SilenceGate().isSilent(loudness) else { return choice.result(segments: [], removed: []) }
        var decoded = try decode(block, choice: choice, options: options, threads: threads)
        if let languages = decoded.languages { choice.settle(by: languages) }
        if decoded.isOtherLanguage { decoded = try decode(block, choice: choice, options: options, threads: threads) }
        if choice.isFound { guess = choice.current }
        let draft = BlockText(decoded, block: block, loudness: loudness, options: options, timing: model.timing)
        let (kept, removed) = draft.sifted(language: choice.current)
        return choice.result(segments: kept, removed: removed)
    }

    /// Lets the engine decode a block once; it returns early if the block is in another language.
    private func decode(_ block: Block, choice: LanguageChoice, options: RecognitionOptions, threads: Int) throws -> DecodedBlock {
        let state = try workingState()
        let probe = LanguageProbe(model: model, state: state, threads: threads)
        var recognition = Recognition(probe: probe, frames: block.samples.count / 160) { choice.accepts($0) }
        let code = call(&recognition, block.samples, language: choice.current, options: options, state: state, threads: threads)
        if recognition.isOtherLanguage, !Task.isCancelled { return DecodedBlock(otherLanguage: recognition.languages) }
        let duration = Timestamp(sample: block.samples.count).milliseconds
        let result = code == 0 ? DecodedBlock(recognition, probe: probe, duration: duration) : nil
        if code != 0 || recognition.usedChance || options.temperature > 0 || options.beamSize > 1 { renewMemory(after: code) }
        try Task.checkCancellation()
        guard let result else { throw SpeechError.engineFailed(code: code) }
        return result
    }

    private func call(
        _ recognition: inout Recognition,
        _ samples: [Float],
        language: String,
        options: RecognitionOptions,
        state: OpaquePointer,
        threads: Int
    ) -> Int32 {
        memory?.clearLogits(for: model)
        // With a space before the first word, as in OpenAI's programs.
        let prompt = options.prompt.map { " " + $0 }
        let length = prompt.map { max(0, Int(whisper_token_count(model.context, $0))) } ?? 0
        var parameters = EngineParameters.make(options, promptTokens: length, threads: threads)
        return withUnsafeMutablePointer(to: &recognition) { recognition in
            EngineParameters.setCallbacks(of: &parameters, to: recognition)
            return language.withCString { language in
                withOptionalCString(prompt) { prompt in
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

    /// Drops memory whose random numbers were used, so that the next block's text does not depend on this one.
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
