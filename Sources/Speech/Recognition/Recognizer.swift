import CWhisper
import Transcripts

/// Turns samples into text, one block at a time, on a thread of its own.
///
/// Every block is recognized by itself: nothing of an earlier one changes its text.
package actor Recognizer {
    private let executor = SerialQueueExecutor(label: "earshot.recognizer")
    private let model: WhisperModel
    private var memory: WorkingMemory?

    /// The language that was found last, with which the next block is begun before it is known; a wrong guess only costs time.
    private var guess = "en"

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A recognizer without working memory yet; the first block brings it.
    package init(model: WhisperModel) {
        self.model = model
    }

    /// How probable each language is in the first 30 seconds of the samples, and that nobody speaks there.
    ///
    /// Blocks this actor's thread. Throws `CancellationError` when the calling task is cancelled, and `SpeechError`.
    ///
    /// - Parameter threads: Processor threads; nil for as many as there are idle cores.
    package func languageProbabilities(of samples: [Float], threads: Int? = nil) throws -> LanguageProbabilities {
        try Task.checkCancellation()
        let state = try workingState()
        let share = FreeCores.shared.begin()
        defer { FreeCores.shared.end() }
        let threads = threads ?? share
        var code = whisper_pcm_to_mel_with_state(model.context, state, samples, Int32(samples.count), Int32(threads))
        if code == 0 { code = whisper_encode_with_state(model.context, state, 0, Int32(threads)) }
        try Task.checkCancellation()
        guard code == 0 else { throw SpeechError.engineFailed(code: code) }
        guard let found = EngineEar(model: model, state: state, threads: threads).listen() else {
            throw SpeechError.engineFailed(code: -1)
        }
        return found
    }

    /// Recognizes a block of at most 30 seconds.
    ///
    /// Blocks this actor's thread. When the calling task is cancelled, the engine stops after the step that it is at, and this throws
    /// `CancellationError`. Throws `SpeechError` otherwise.
    ///
    /// - Parameter onSegment: Called with each segment as soon as the engine has it, in file time, before words are timed and before it is
    ///   judged whether anybody said it; not called with word timing by attention.
    package func recognize(
        _ block: Block,
        options: RecognitionOptions,
        onSegment: @escaping @Sendable (Segment) -> Void = { _ in }
    ) throws -> RecognizedBlock {
        try Task.checkCancellation()
        var choice = try LanguageChoice(options, model: model.sizes, guess: guess)
        let loudness = Loudness(block.samples)
        guard !SilenceGate().isSilent(loudness) else { return choice.answer(segments: [], removed: []) }
        let share = FreeCores.shared.begin()
        defer { FreeCores.shared.end() }
        let threads = options.threads ?? share
        var heard = try run(block, language: choice.current, choice: choice, options: options, threads: threads, onSegment: onSegment)
        if let languages = heard.languages { choice.settle(by: languages) }
        if heard.isOtherLanguage {
            heard = try run(block, language: choice.current, choice: choice, options: options, threads: threads, onSegment: onSegment)
        }
        if choice.isFound { guess = choice.current }
        let draft = BlockText(heard, block: block, loudness: loudness, options: options, timing: model.timing)
        let (kept, removed) = draft.sifted(language: choice.current)
        return choice.answer(segments: kept, removed: removed)
    }

    /// Lets the engine work on a block once; it comes back early if the block is in another language.
    private func run(
        _ block: Block,
        language: String,
        choice: LanguageChoice,
        options: RecognitionOptions,
        threads: Int,
        onSegment: @escaping (Segment) -> Void
    ) throws -> HeardBlock {
        let state = try workingState()
        let ear = EngineEar(model: model, state: state, threads: threads)
        let offset = Timestamp(sample: block.start)
        var reader = SegmentReader(ear: ear, duration: block.samples.count / 16)
        let announces = !ear.isAttentive
        var recognition = Recognition(ear: ear, frames: block.samples.count / 160) { languages in
            choice.accepts(languages)
        } onSegments: { numbers in
            guard announces else { return }
            for number in numbers {
                let heard = reader.read(number)
                guard let text = SegmentText.spoken(heard.text) else { continue }
                onSegment(
                    Segment(
                        start: Timestamp(milliseconds: heard.start),
                        end: Timestamp(milliseconds: heard.end),
                        text: text,
                        averageLogProbability: heard.averageLogProbability
                    ).moved(by: offset)
                )
            }
        }
        let code = call(&recognition, block.samples, language: language, options: options, state: state, threads: threads)
        if recognition.isOtherLanguage, !Task.isCancelled { return HeardBlock(otherLanguage: recognition.languages) }
        let result = code == 0 ? HeardBlock(recognition, ear: ear, duration: block.samples.count / 16) : nil
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
        memory?.blot(for: model)
        // As OpenAI's programs write it, with a space before the first word.
        let prompt = options.prompt.map { " " + $0 }
        let length = prompt.map { max(0, Int(whisper_token_count(model.context, $0))) } ?? 0
        var parameters = EngineParameters.make(options, promptTokens: length, threads: threads)
        return withUnsafeMutablePointer(to: &recognition) { recognition in
            EngineParameters.listen(&parameters, reportingTo: recognition)
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
