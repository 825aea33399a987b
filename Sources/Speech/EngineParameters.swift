import CWhisper

/// Fills in the engine's parameters.
enum EngineParameters {
    /// Parameters for one block that is recognized by itself.
    static func make(_ options: RecognitionOptions, threads: Int) -> whisper_full_params {
        var parameters = whisper_full_default_params(WHISPER_SAMPLING_GREEDY)
        parameters.n_threads = Int32(threads)
        parameters.translate = options.translate
        parameters.temperature = Float(options.temperature)
        parameters.no_context = true
        // Text is not conditioned on the text before it: that feeds loops. A prompt needs the room.
        if options.prompt == nil { parameters.n_max_text_ctx = 0 }
        parameters.print_progress = false
        parameters.print_timestamps = false
        parameters.greedy.best_of = 5
        return parameters
    }

    /// Makes the engine ask the running task whether it was cancelled, and tell the recognition what it does.
    ///
    /// The callbacks that change the recognition are called on the thread that called the engine.
    static func listen(_ parameters: inout whisper_full_params, reportingTo recognition: UnsafeMutablePointer<Recognition>) {
        parameters.abort_callback = { _ in Task.isCancelled }
        parameters.encoder_begin_callback_user_data = UnsafeMutableRawPointer(recognition)
        parameters.encoder_begin_callback = { _, _, data in
            data?.assumingMemoryBound(to: Recognition.self).pointee.beginWindow()
            return !Task.isCancelled
        }
        parameters.logits_filter_callback_user_data = UnsafeMutableRawPointer(recognition)
        parameters.logits_filter_callback = { _, _, _, count, _, data in
            guard count == 0 else { return }
            data?.assumingMemoryBound(to: Recognition.self).pointee.beginAttempt()
        }
        parameters.new_segment_callback_user_data = UnsafeMutableRawPointer(recognition)
        parameters.new_segment_callback = { context, state, count, data in
            guard let context, let state else { return }
            data?.assumingMemoryBound(to: Recognition.self).pointee.take(Int(count), from: state, context: context)
        }
    }
}
