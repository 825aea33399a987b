import CWhisper

/// The working memory of one recognition at a time, hundreds of megabytes for a large model.
struct WorkingMemory: ~Copyable {
    let state: OpaquePointer

    init(for model: WhisperModel) throws(SpeechError) {
        guard let state = whisper_init_state(model.context) else { throw .memoryUnavailable }
        self.state = state
    }

    /// Clears the last logits of the recognition before.
    ///
    /// Otherwise the engine derives the no-speech probability of the next block from them, because it reads a row of its table that it has
    /// not written. For the same reason its own no-speech probabilities are not reported.
    func clearLogits(for model: WhisperModel) {
        guard let logits = whisper_get_logits_from_state(state) else { return }
        logits.update(repeating: 0, count: Int(whisper_n_vocab(model.context)))
    }

    /// Drops memory that the engine has already freed itself.
    consuming func forget() {
        discard self
    }

    deinit {
        whisper_free_state(state)
    }
}
