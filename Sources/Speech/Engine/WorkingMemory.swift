import CWhisper

/// The memory that one transcription at a time works in, hundreds of megabytes for a large model.
struct WorkingMemory: ~Copyable {
    let state: OpaquePointer

    init(for model: WhisperModel) throws(SpeechError) {
        guard let state = whisper_init_state(model.context) else { throw .memoryUnavailable }
        self.state = state
    }

    /// Blots out the last likelihoods of the work before.
    ///
    /// Without this the engine takes them for how likely it is that nobody speaks in the block that comes next, because it reads a row
    /// of its table that it has not written. For the same reason its no-speech probabilities are not reported.
    func blot(for model: WhisperModel) {
        guard let logits = whisper_get_logits_from_state(state) else { return }
        logits.update(repeating: 0, count: Int(whisper_n_vocab(model.context)))
    }

    /// Lets go of memory that the engine has already freed itself.
    consuming func forget() {
        discard self
    }

    deinit {
        whisper_free_state(state)
    }
}
