import Basics
import CWhisper

/// Fills in the engine's parameters.
enum EngineParameters {
    /// The steps in which the temperature rises while a text is in doubt.
    static let temperatureStep: Float = 0.2

    /// The most beams that the engine supports.
    private static let decoders = 8

    /// Parameters for one block that is recognized by itself.
    ///
    /// - Parameter promptTokens: How long the prompt is, in the model's tokens; 0 without one.
    static func make(_ options: RecognitionOptions, promptTokens: Int, threads: Int) -> whisper_full_params {
        let beams = min(max(1, options.beamSize), decoders)
        var parameters = whisper_full_default_params(beams > 1 ? WHISPER_SAMPLING_BEAM_SEARCH : WHISPER_SAMPLING_GREEDY)
        parameters.n_threads = Int32(clamping: threads)
        parameters.translate = options.translate
        parameters.temperature = Float(options.temperature)
        parameters.temperature_inc = options.fallsBack ? temperatureStep : 0
        parameters.no_context = true
        // Text is not conditioned on the text before it, which feeds loops: the context has room for the prompt alone.
        parameters.carry_initial_prompt = promptTokens > 0
        parameters.n_max_text_ctx = promptTokens > 0 ? Int32(clamping: promptTokens).addingClamped(1) : 0
        parameters.print_progress = false
        parameters.print_timestamps = false
        parameters.greedy.best_of = options.fallsBack || options.temperature > 0 ? 5 : 1
        parameters.beam_search.beam_size = Int32(clamping: beams)
        // The gates decide about speech afterwards, so that every removal is recorded.
        parameters.no_speech_thold = 1
        return parameters
    }

    /// Sets the callbacks with which the engine checks for cancellation and reports its progress to the recognition.
    ///
    /// The engine calls those that change the recognition on the thread that called it.
    static func setCallbacks(of parameters: inout whisper_full_params, to recognition: UnsafeMutablePointer<Recognition>) {
        let data = UnsafeMutableRawPointer(recognition)
        parameters.progress_callback_user_data = data
        parameters.progress_callback = { _, _, percent, data in
            data?.assumingMemoryBound(to: Recognition.self).pointee.percent = Int(clamping: percent)
        }
        parameters.encoder_begin_callback_user_data = data
        parameters.encoder_begin_callback = { _, _, data in
            guard let recognition = data?.assumingMemoryBound(to: Recognition.self) else { return false }
            return recognition.pointee.beginWindow() && !Task.isCancelled
        }
        parameters.abort_callback_user_data = data
        parameters.abort_callback = { data in
            guard !Task.isCancelled, let recognition = data?.assumingMemoryBound(to: Recognition.self) else { return true }
            return recognition.pointee.endsAfterStep()
        }
        parameters.logits_filter_callback_user_data = data
        parameters.logits_filter_callback = { _, _, _, count, logits, data in
            guard let logits else { return }
            data?.assumingMemoryBound(to: Recognition.self).pointee.filter(logits, after: Int(count))
        }
    }
}
